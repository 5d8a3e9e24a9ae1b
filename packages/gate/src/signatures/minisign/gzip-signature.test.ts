import { randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { keyFile, makeKey, signGzip, verifyGzip } from "./signing.fixture.ts";

const key = makeKey();
const PLAIN = gzipSync(randomBytes(20_000));
const SIGNED = signGzip(key, PLAIN);
const DATA_OFFSET = SIGNED.length - (PLAIN.length - 10);
const failing = (because: RegExp) => ({
  signatures: [{ integrity: "fail", trust: "broken" }],
  findings: [{ check: "integrity", outcome: "fail", because: expect.stringMatching(because) }],
});

describe("a signature in a gzip header", () => {
  it("counts for the key the person gave, is unknown without it, and need not be there", async () => {
    expect(await verifyGzip(SIGNED, keyFile(key))).toMatchObject({
      findings: [],
      signatures: [{ integrity: "pass", trust: "known-key" }],
    });
    expect(await verifyGzip(SIGNED)).toMatchObject({
      signatures: [{ integrity: "unknown", trust: "unknown-key" }],
    });
    expect(await verifyGzip(PLAIN, keyFile(key))).toEqual({ signatures: [], findings: [] });
  });

  it("covers every byte behind the header, and how many there are", async () => {
    for (let at = DATA_OFFSET; at < SIGNED.length; at += 997) {
      const changed = Buffer.from(SIGNED);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(await verifyGzip(changed, keyFile(key)), `octet ${at}`).toMatchObject(
        failing(/not those that were signed/),
      );
    }
    for (const other of [Buffer.concat([SIGNED, Buffer.alloc(5000)]), SIGNED.subarray(0, -5000)])
      expect(await verifyGzip(other, keyFile(key))).toMatchObject(failing(/longer or shorter/));
    const longer = Buffer.concat([SIGNED, Buffer.from([0])]);
    expect(await verifyGzip(longer, keyFile(key))).toMatchObject(failing(/not those that were signed/));
  });

  it("covers the list of digests", async () => {
    const at = SIGNED.indexOf("blocksize=");
    const changed = Buffer.from(SIGNED);
    changed[at + 20] = (changed[at + 20] ?? 0) ^ 1;
    expect(await verifyGzip(changed, keyFile(key))).toMatchObject(failing(/not those that were signed/));
  });

  it.each([
    ["a time", "1f8b0810010000000003"],
    ["flags for further fields", "1f8b0812000000000003"],
  ])("does not let the header say more: %s", async (_, header) => {
    expect(await verifyGzip(signGzip(key, PLAIN, { header }), keyFile(key))).toMatchObject(
      failing(/says more/),
    );
  });

  it("leaves no room in its remark, which nobody signed", async () => {
    const mark = SIGNED.indexOf("untrusted comment: ") + "untrusted comment: ".length;
    const filled = (length: number) =>
      Buffer.concat([SIGNED.subarray(0, mark), Buffer.alloc(length, "x"), SIGNED.subarray(mark)]);
    expect(await verifyGzip(filled(100), keyFile(key))).toMatchObject({ findings: [] });
    expect(await verifyGzip(filled(5000), keyFile(key))).toMatchObject(failing(/remark in a gzip header/));
  });

  it("cut off anywhere is not believed", async () => {
    for (let length = 0; length < DATA_OFFSET + 50; length += 7) {
      const { signatures } = await verifyGzip(SIGNED.subarray(0, length), keyFile(key));
      expect(
        signatures.some(({ integrity }) => integrity === "pass"),
        `${length} bytes`,
      ).toBe(false);
    }
  });
});
