import { hostileSuite } from "../../long-tail/hostile.fixture.ts";
import { wim } from "./index.ts";
import { sample } from "./sample.fixture.ts";

hostileSuite({ format: wim, sample: sample() });
