import { hostileSuite } from "../../long-tail/hostile.fixture.ts";
import { ntfs } from "./index.ts";
import { sample } from "./sample.fixture.ts";

hostileSuite({ format: ntfs, sample: sample() });
