import { hostileSuite } from "../../long-tail/hostile.fixture.ts";
import { ext } from "./index.ts";
import { sample } from "./sample.fixture.ts";

hostileSuite({ format: ext, sample: sample() });
