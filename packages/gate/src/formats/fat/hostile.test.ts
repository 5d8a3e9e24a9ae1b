import { expect, it } from "vitest";
import { hostileSuite } from "../../long-tail/hostile.fixture.ts";
import { walkContainer } from "../container-walk.fixture.ts";
import { fat } from "./index.ts";
import { sample } from "./sample.fixture.ts";

hostileSuite({ format: fat, sample: sample() });

it("is known without its name, which systems do not look at", async () => {
  const bytes = sample();
  bytes.fill(0, 54, 62);
  expect(fat.recognise({ head: bytes, tail: bytes, sizeBytes: bytes.length })).toBe(true);
  expect((await walkContainer(fat, bytes)).members.length).toBeGreaterThan(0);
});
