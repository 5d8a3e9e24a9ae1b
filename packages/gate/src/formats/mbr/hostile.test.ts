import { hostileSuite } from "../../long-tail/hostile.fixture.ts";
import { mbr } from "./index.ts";
import { sample } from "./sample.fixture.ts";

hostileSuite({ format: mbr, sample: sample(), tailIsFree: "a disk may be larger than its partitions" });
