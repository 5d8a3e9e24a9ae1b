import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { flips, walkStream } from "../stream-walk.fixture.ts";
import { text, whole, withHeader } from "./gzip.fixture.ts";
import { gzip } from "./index.ts";

it("reports a stored name that climbs", async () => {
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
  for (const junk of ["junk", "\0\0junk", "P", "IHATECDN!", "IHATECD", "\0IHATECDN"]) {
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

it("spends the budget on each member of many, and unpacks only one of two levels", async () => {
  const twice = gzipSync(whole);
  expect((await walkStream(gzip, twice)).members[0]?.bytes.equals(whole)).toBe(true);
  const many = Buffer.concat(Array<Buffer>(200).fill(gzipSync("x".repeat(1000))));
  expect((await walkStream(gzip, many)).members[0]?.bytes.length).toBe(200_000);
  expect((await walkStream(gzip, many, { limits: { bytes: 100_000 } })).code).toBe("artifact.over-limit");
});

it("refuses a second member that is cut short, flagged wrongly or packed by another method", async () => {
  for (let length = 2; length < whole.length; length += 1)
    expect((await walkStream(gzip, Buffer.concat([whole, whole.subarray(0, length)]))).code).toBe(
      "artifact.truncated",
    );
  for (const [at, value] of [
    [2, 7],
    [3, 0xe0],
  ] as const) {
    const wrong = Buffer.from(whole);
    wrong.writeUInt8(value, at);
    expect((await walkStream(gzip, Buffer.concat([whole, wrong]))).code).toBe("artifact.malformed");
  }
});
