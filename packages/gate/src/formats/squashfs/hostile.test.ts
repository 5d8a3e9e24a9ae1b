import { hostileSuite } from "../../long-tail/hostile.fixture.ts";
import { squashfs } from "./index.ts";
import { sample } from "./sample.fixture.ts";

hostileSuite({ format: squashfs, sample: sample() });
