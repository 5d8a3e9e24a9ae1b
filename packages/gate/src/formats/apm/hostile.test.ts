import { hostileSuite } from "../../long-tail/hostile.fixture.ts";
import { apm } from "./index.ts";
import { sample } from "./sample.fixture.ts";

hostileSuite({ format: apm, sample: sample() });
