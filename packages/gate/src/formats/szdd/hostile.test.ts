import { expect, it } from "vitest";
import { hostileSuite } from "../../long-tail/hostile.fixture.ts";
import { walkContainer } from "../container-walk.fixture.ts";
import { szdd } from "./index.ts";
import { sample } from "./sample.fixture.ts";

hostileSuite({ format: szdd, sample: sample() });

it.each([0, 1, 959, 961, 2 ** 31])("does not pass with a size of %i bytes", async (sizeBytes) => {
  const bytes = sample();
  bytes.writeUInt32LE(sizeBytes, 10);
  const { code, findings } = await walkContainer(szdd, bytes);
  expect(code !== "" || findings.length > 0).toBe(true);
});
