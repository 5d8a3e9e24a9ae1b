import { hostileSuite } from "../../long-tail/hostile.fixture.ts";
import { rar } from "./index.ts";
import { sample } from "./sample.fixture.ts";

hostileSuite({ format: rar, sample: sample() });
