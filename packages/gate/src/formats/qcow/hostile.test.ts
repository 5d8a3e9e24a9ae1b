import { hostileSuite } from "../../long-tail/hostile.fixture.ts";
import { qcow } from "./index.ts";
import { sample } from "./sample.fixture.ts";

hostileSuite({ format: qcow, sample: sample() });
