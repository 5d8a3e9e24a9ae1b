import { hostileSuite } from "../../long-tail/hostile.fixture.ts";
import { apfs } from "./index.ts";
import { sample } from "./sample.fixture.ts";

hostileSuite({ format: apfs, sample: sample() });
