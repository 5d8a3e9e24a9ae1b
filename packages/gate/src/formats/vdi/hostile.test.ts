import { hostileSuite } from "../../long-tail/hostile.fixture.ts";
import { vdi } from "./index.ts";
import { sample } from "./sample.fixture.ts";

hostileSuite({ format: vdi, sample: sample() });
