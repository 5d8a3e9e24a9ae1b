import { expect, it } from "vitest";
import { walkStream } from "../stream-walk.fixture.ts";
import { xz } from "./index.ts";
import { EMPTY, TEXT, VECTORS, whole } from "./xz.fixture.ts";

it.each(Object.entries(VECTORS))("reads a decent file with check %s without a finding", async (_, vector) => {
  for (const pieceBytes of [1, 7, 1 << 20]) {
    const { members, findings, code } = await walkStream(xz, Buffer.from(vector, "base64"), { pieceBytes });
    expect({ findings, code }).toEqual({ findings: [], code: "" });
    expect(members).toEqual([{ name: "content", bytes: Buffer.from(TEXT) }]);
  }
});

it("joins streams and passes over zeros in fours, as xz(1) does", async () => {
  const joined = Buffer.concat([EMPTY, whole, Buffer.alloc(8), whole, Buffer.alloc(4)]);
  const { members, findings, code } = await walkStream(xz, joined);
  expect({ findings, code }).toEqual({ findings: [], code: "" });
  expect(members[0]?.bytes.toString()).toBe(TEXT + TEXT);
});
