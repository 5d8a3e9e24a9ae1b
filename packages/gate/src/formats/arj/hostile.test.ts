import { hostileSuite } from "../../long-tail/hostile.fixture.ts";
import { arj } from "./index.ts";
import { sample } from "./sample.fixture.ts";

hostileSuite({ format: arj, sample: sample() });
