import { hostileSuite } from "../../long-tail/hostile.fixture.ts";
import { cramfs } from "./index.ts";
import { sample } from "./sample.fixture.ts";

hostileSuite({ format: cramfs, sample: sample() });
