import { expect, it } from "vitest";
import { hostileSuite } from "../../long-tail/hostile.fixture.ts";
import { walkContainer } from "../container-walk.fixture.ts";
import { androidSparse } from "./index.ts";
import { sample } from "./sample.fixture.ts";

hostileSuite({ format: androidSparse, sample: sample() });

it("does not make a disk that is larger than the budget out of nothing", async () => {
  const bytes = sample();
  // The empty blocks, and the whole, become very many.
  bytes.writeUInt32LE(0x0fff_ffff, 28 + 12 + 4096 + 4);
  bytes.writeUInt32LE(0x0fff_ffff + 2, 16);
  const { code } = await walkContainer(androidSparse, bytes);
  expect(code).not.toBe("");
});
