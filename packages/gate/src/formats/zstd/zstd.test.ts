import { zstdCompressSync } from "node:zlib";
import { expect, it } from "vitest";
import { walkStream } from "../stream-walk.fixture.ts";
import { zstd } from "./index.ts";
import { skippable, text, whole } from "./zstd.fixture.ts";

it("reads a decent file without a finding, in pieces of any size", async () => {
  for (const pieceBytes of [1, 7, 1000, 1 << 20]) {
    const { members, findings, code } = await walkStream(zstd, whole, { pieceBytes });
    expect({ findings, code }).toEqual({ findings: [], code: "" });
    expect(members).toEqual([{ name: "content", bytes: text }]);
  }
});

it("joins frames and passes over skippable ones, as zstd(1) does", async () => {
  const joined = Buffer.concat([skippable(12), whole, zstdCompressSync(""), skippable(0), whole]);
  const { members, findings, code } = await walkStream(zstd, joined);
  expect({ findings, code }).toEqual({ findings: [], code: "" });
  expect(members[0]?.bytes.equals(Buffer.concat([text, text]))).toBe(true);
});
