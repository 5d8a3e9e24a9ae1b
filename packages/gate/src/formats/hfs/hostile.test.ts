import { hostileSuite } from "../../long-tail/hostile.fixture.ts";
import { hfs } from "./index.ts";
import { sample } from "./sample.fixture.ts";

hostileSuite({ format: hfs, sample: sample() });
