import { hostileSuite } from "../../long-tail/hostile.fixture.ts";
import { vhdx } from "./index.ts";
import { sample } from "./sample.fixture.ts";

hostileSuite({ format: vhdx, sample: sample() });
