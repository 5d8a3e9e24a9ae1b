import { hostileSuite } from "../../long-tail/hostile.fixture.ts";
import { gpt } from "./index.ts";
import { sample } from "./sample.fixture.ts";

hostileSuite({ format: gpt, sample: sample() });
