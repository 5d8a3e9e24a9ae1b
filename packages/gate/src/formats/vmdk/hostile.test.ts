import { hostileSuite } from "../../long-tail/hostile.fixture.ts";
import { vmdk } from "./index.ts";
import { sample } from "./sample.fixture.ts";

hostileSuite({ format: vmdk, sample: sample() });
