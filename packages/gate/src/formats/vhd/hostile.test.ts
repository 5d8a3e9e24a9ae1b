import { hostileSuite } from "../../long-tail/hostile.fixture.ts";
import { vhd } from "./index.ts";
import { sample } from "./sample.fixture.ts";

hostileSuite({ format: vhd, sample: sample() });
