import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { walkStream } from "../stream-walk.fixture.ts";
import { text, whole, withHeader } from "./gzip.fixture.ts";
import { gzip } from "./index.ts";

it("reads a decent file without a finding, in pieces of any size", async () => {
  for (const pieceBytes of [1, 7, 1000, 1 << 20]) {
    const { members, findings, code } = await walkStream(gzip, whole, { pieceBytes });
    expect({ findings, code }).toEqual({ findings: [], code: "" });
    expect(members).toEqual([{ name: "content", bytes: text }]);
  }
});

it("joins members and overlooks zeros at the end, as gzip(1) does", async () => {
  const joined = Buffer.concat([whole, gzipSync(""), whole, Buffer.alloc(512)]);
  for (const pieceBytes of [1, 100, 1 << 20]) {
    const { members, findings, code } = await walkStream(gzip, joined, { pieceBytes });
    expect({ findings, code }).toEqual({ findings: [], code: "" });
    expect(members[0]?.bytes.equals(Buffer.concat([text, text]))).toBe(true);
  }
});

it("takes the stored name", async () => {
  const named = await walkStream(gzip, withHeader(8, Buffer.from("notes.txt\0")));
  expect(named.members[0]?.name).toBe("notes.txt");
  expect(named.findings).toEqual([]);
});

it("knows the end that the Linux Vendor Firmware Service writes", async () => {
  for (const pieceBytes of [1, 1 << 20]) {
    const ended = Buffer.concat([whole, Buffer.from("IHATECDN")]);
    const { members, findings, code } = await walkStream(gzip, ended, { pieceBytes });
    expect({ findings, code }).toEqual({ findings: [], code: "" });
    expect(members[0]?.bytes.equals(text)).toBe(true);
  }
});
