import { hostileSuite } from "../../long-tail/hostile.fixture.ts";
import { sevenZip } from "./index.ts";
import { sample } from "./sample.fixture.ts";

hostileSuite({ format: sevenZip, sample: sample() });
