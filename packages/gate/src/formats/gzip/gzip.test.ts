import { spawnSync } from "node:child_process";
import { deflateRawSync, gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { flips, walkStream } from "../stream-walk.fixture.ts";
import { gzip } from "./index.ts";

const text = Buffer.from("what a gzip file holds ".repeat(500));
const whole = gzipSync(text);

/** Header fields of RFC 1952 §2.3 in front of the same data. */
const withHeader = (flags: number, fields: Buffer) =>
  Buffer.concat([
    Buffer.from([0x1f, 0x8b, 8, flags, 0, 0, 0, 0, 0, 3]),
    fields,
    deflateRawSync(text),
    whole.subarray(-8),
  ]);

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

it("takes the stored name and judges it", async () => {
  const named = await walkStream(gzip, withHeader(8, Buffer.from("notes.txt\0")));
  expect(named.members[0]?.name).toBe("notes.txt");
  expect(named.findings).toEqual([]);
  const climbing = await walkStream(gzip, withHeader(8, Buffer.from("../notes.txt\0")));
  expect(climbing.findings).toMatchObject([{ check: "member-names", facts: { escapes: true } }]);
});

it("refuses reserved flags, wrong header checksums and endless names", async () => {
  expect((await walkStream(gzip, withHeader(0x20, Buffer.alloc(0)))).code).toBe("artifact.malformed");
  expect((await walkStream(gzip, withHeader(2, Buffer.alloc(2)))).code).toBe("artifact.malformed");
  const endless = withHeader(8, Buffer.alloc(100_000, "a"));
  expect((await walkStream(gzip, endless)).code).toBe("artifact.over-limit");
});

it("reports bytes after the data, zeros in front of them or not", async () => {
  for (const junk of ["junk", "\0\0junk", "P"]) {
    const { findings } = await walkStream(gzip, Buffer.concat([whole, Buffer.from(junk)]));
    expect(findings).toMatchObject([
      { check: "structure", outcome: "fail", facts: { lengthBytes: junk.length } },
    ]);
  }
});

it("reports a trailer that lies about checksum or size", async () => {
  for (const at of [whole.length - 8, whole.length - 4]) {
    const lying = Buffer.from(whole);
    lying.writeUInt8(lying.readUInt8(at) ^ 1, at);
    const { findings } = await walkStream(gzip, lying);
    expect(findings).toMatchObject([{ check: "structure", outcome: "fail" }]);
  }
});

it("refuses a file cut short anywhere", async () => {
  for (let length = 0; length < whole.length; length += 1)
    expect((await walkStream(gzip, whole.subarray(0, length))).code, `cut at ${length}`).toBe(
      "artifact.truncated",
    );
});

it("answers flipped bytes with findings or our errors, and never with other content in silence", async () => {
  for (const flipped of flips(whole, { count: 300, seed: 1952 })) {
    const { members, findings, code } = await walkStream(gzip, flipped);
    if (code === "" && findings.length === 0) expect(members[0]?.bytes.equals(text)).toBe(true);
  }
});

it("stops a bomb at the budget", async () => {
  const bomb = gzipSync(Buffer.alloc(64 << 20));
  const { code, spentBytes } = await walkStream(gzip, bomb, { limits: { bytes: 1 << 20 } });
  expect(code).toBe("artifact.over-limit");
  expect(spentBytes).toBeLessThan(3 << 20);
});

it("reads what gzip(1) writes", async ({ skip }) => {
  const made = spawnSync("gzip", ["-9", "-c"], { input: text });
  if (made.error) skip("gzip is not installed here");
  const { members, findings, code } = await walkStream(gzip, made.stdout);
  expect({ findings, code }).toEqual({ findings: [], code: "" });
  expect(members[0]?.bytes.equals(text)).toBe(true);
});
