import { hostileSuite } from "../../long-tail/hostile.fixture.ts";
import { chm } from "./index.ts";
import { sample } from "./sample.fixture.ts";

hostileSuite({ format: chm, sample: sample() });
