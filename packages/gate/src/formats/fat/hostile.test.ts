import { hostileSuite } from "../../long-tail/hostile.fixture.ts";
import { fat } from "./index.ts";
import { sample } from "./sample.fixture.ts";

hostileSuite({ format: fat, sample: sample() });
