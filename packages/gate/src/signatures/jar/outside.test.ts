import { deflateRawSync } from "node:zlib";
import { sourceOf, verifyContext } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { buildZip, type Frame, field, type Part } from "../../formats/zip/zip.fixture.ts";
import { apk } from "../apk/index.ts";
import { NOW, signer, trust } from "../authenticode/signing.fixture.ts";
import { jar } from "./index.ts";
import { blockOf, listOf, manifestOf, PARTS } from "./jar.fixture.ts";

const manifest = manifestOf(PARTS);
const list = listOf(manifest);
const MEMBERS: readonly Part[] = [
  { name: "META-INF/MANIFEST.MF", bytes: Buffer.from(manifest) },
  { name: "META-INF/DEMO.SF", bytes: Buffer.from(list) },
  { name: "META-INF/DEMO.RSA", bytes: blockOf(list, { signer }) },
  ...PARTS,
];
const PAYLOAD = Buffer.alloc(20_000, "payload ");

const verify = (frame: Frame = {}, members = MEMBERS) => verifyBytes(buildZip(members, frame));
const verifyBytes = (bytes: Buffer) =>
  jar.verify(sourceOf(bytes), verifyContext({ format: "jar", trust, now: NOW }));
const withFields = (change: (part: Part) => Partial<Part>) =>
  MEMBERS.map((part) => ({ ...part, ...change(part) }));

/** A signing block with one value that Android's tools write. */
function blockWith(id: number, value: Buffer): Buffer {
  const bytes = Buffer.alloc(8 + 12 + value.length + 24);
  bytes.writeBigUInt64LE(BigInt(bytes.length - 8), 0);
  bytes.writeBigUInt64LE(BigInt(value.length + 4), 8);
  bytes.writeUInt32LE(id, 16);
  value.copy(bytes, 20);
  bytes.writeBigUInt64LE(BigInt(bytes.length - 8), bytes.length - 24);
  bytes.write("APK Sig Block 42", bytes.length - 16, "latin1");
  return bytes;
}

describe("what stands beside the members of a signed JAR", () => {
  it.each([
    ["a script in front", { prefix: Buffer.from("#!/bin/sh\necho harmless\nexit\n") }],
    ["a script in front, not counted", { prefix: Buffer.from("#!/bin/sh\nexit\n"), isRelative: true }],
    ["another kind's header in front", { prefix: Buffer.from(`Cr24\x03\0\0\0\x04\0\0\0more`) }],
  ])("is not covered, and refused: %s", async (_what, frame) => {
    const { signatures, findings } = await verify(frame);
    expect(signatures).toMatchObject([{ integrity: "pass" }]);
    expect(findings).toMatchObject([{ check: "integrity", outcome: "fail" }]);
  });

  it.each<[string, Frame, readonly Part[]]>([
    ["a comment", { comment: PAYLOAD }, MEMBERS],
    ["fields of members", {}, withFields(() => ({ extra: field(0x5455, PAYLOAD.subarray(0, 3000)) }))],
    ["fields in headers only", {}, withFields(() => ({ localExtra: field(7, PAYLOAD.subarray(0, 3000)) }))],
  ])("is counted: %s", async (_what, frame, members) => {
    expect((await verify(frame, members)).findings).toMatchObject([
      { check: "certificate-table", outcome: "fail", because: expect.stringMatching(/beside the members/) },
    ]);
  });

  it("is counted between the blocks of what is packed", async () => {
    const bytes = Buffer.from("harmless");
    const nothing = Buffer.from("000000ffff", "hex");
    const packed = Buffer.concat([...new Array<Buffer>(2000).fill(nothing), deflateRawSync(bytes)]);
    const part: Part = { name: "a.txt", bytes, packed };
    const text = manifestOf([...PARTS, part]);
    const signed = listOf(text);
    const members = [
      { name: "META-INF/MANIFEST.MF", bytes: Buffer.from(text) },
      { name: "META-INF/DEMO.SF", bytes: Buffer.from(signed) },
      { name: "META-INF/DEMO.RSA", bytes: blockOf(signed, { signer }) },
      ...PARTS,
      part,
    ];
    const { signatures, findings } = await verify({}, members);
    expect(signatures).toMatchObject([{ integrity: "pass" }]);
    expect(findings).toMatchObject([{ check: "certificate-table", outcome: "fail" }]);
  });

  it("is counted behind the archive as well", async () => {
    const bytes = Buffer.concat([buildZip(MEMBERS), PAYLOAD]);
    expect((await verifyBytes(bytes)).findings).toMatchObject([{ check: "certificate-table" }]);
  });

  it("may be what ordinary tools write", async () => {
    expect(await verify({ comment: Buffer.from("PACK200") })).toMatchObject({ findings: [] });
    expect(await verify({ prefix: Buffer.from("JM\x01\0") })).toMatchObject({ findings: [] });
    const aligned = withFields(() => ({ localExtra: field(0xd935, Buffer.alloc(4000)) }));
    expect(await verify({}, aligned)).toMatchObject({ findings: [] });
  });

  it("is asked about in a signing block that nobody signed, whatever it calls itself", async () => {
    const beforeDirectory = blockWith(0x504b4453, PAYLOAD);
    const source = sourceOf(buildZip(MEMBERS, { beforeDirectory }));
    const context = verifyContext({ format: "jar", trust, now: NOW });
    expect(await apk.verify(source, context)).toMatchObject({
      signatures: [],
      findings: [{ check: "certificate-table", outcome: "fail" }],
    });
  });
});

it("does not believe changed main attributes of a manifest that the list has no digest of", async () => {
  const bare = listOf(manifest).replace(/SHA-256-Digest-Manifest-Main-Attributes: .*\r\n/, "");
  const withMain = (text: string) =>
    verifyBytes(
      buildZip([
        { name: "META-INF/MANIFEST.MF", bytes: Buffer.from(text) },
        { name: "META-INF/DEMO.SF", bytes: Buffer.from(bare) },
        { name: "META-INF/DEMO.RSA", bytes: blockOf(bare, { signer }) },
        ...PARTS,
      ]),
    );
  expect(await withMain(manifest)).toMatchObject({ signatures: [{ integrity: "pass" }], findings: [] });
  const changed = manifest.replace("a test", "a test\r\nImplementation-Title: Other\r\nMain-Class: Other");
  expect((await withMain(changed)).signatures).toMatchObject([{ integrity: "fail", trust: "broken" }]);
});
