import { hostileSuite } from "../../long-tail/hostile.fixture.ts";
import { lzh } from "./index.ts";
import { sample } from "./sample.fixture.ts";

hostileSuite({ format: lzh, sample: sample() });
