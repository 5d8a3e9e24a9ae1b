import { expect, it } from "vitest";
import { walkStream } from "../stream-walk.fixture.ts";
import { empty, TEXT, whole, zeros } from "./bzip2.fixture.ts";
import { bzip2 } from "./index.ts";

it("reads a decent file without a finding, in pieces of any size", async () => {
  for (const pieceBytes of [1, 7, 1 << 20]) {
    const { members, findings, code } = await walkStream(bzip2, whole, { pieceBytes });
    expect({ findings, code }).toEqual({ findings: [], code: "" });
    expect(members).toEqual([{ name: "content", bytes: Buffer.from(TEXT) }]);
  }
});

it("joins streams, as bzip2(1) does", async () => {
  for (const pieceBytes of [1, 1 << 20]) {
    const joined = Buffer.concat([empty, zeros, whole, empty, whole, Buffer.alloc(9)]);
    const { members, findings, code } = await walkStream(bzip2, joined, { pieceBytes });
    expect({ findings, code }).toEqual({ findings: [], code: "" });
    expect(members[0]?.bytes.toString()).toBe("\0".repeat(300) + TEXT + TEXT);
  }
});
