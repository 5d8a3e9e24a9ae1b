/** Digests of installers and cabinets, and what their signatures leave uncovered. */
import { readFile } from "node:fs/promises";
import { ArtifactError } from "@sallyport/core";
import { corpusFile, NO_CORPUS, sourceOf, testBudget, verifyContext } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { signAuthenticode } from "../../replica/authenticode-signer.ts";
import { withCabSignature, withSignaturePlace, writeCabinet } from "../../replica/cabinet.ts";
import { writeCompoundFile } from "../../replica/compound-file.ts";
import { signMsi } from "../../replica/installer-signer.ts";
import { writeMsi } from "../../replica/msi-package.ts";
import { withMsiSignature } from "../../replica/msi-signature.ts";
import { cabDigest, cabSignature } from "./cab-digest.ts";
import { authenticode } from "./index.ts";
import { msiDigest, msiSignature } from "./msi-digest.ts";
import { image, NOW, signer, trust } from "./signing.fixture.ts";

/** A whole DER value that stands in for a PKCS#7. */
const PKCS7 = Buffer.from("3003020101", "hex");

const msi = writeMsi({
  product: "Demo",
  company: "Example Ltd",
  version: "1.2.3",
  folder: "Demo",
  files: [{ name: "a.exe", content: Buffer.alloc(9000, 1) }],
  streams: [{ name: "storage", content: { children: [{ name: "inner", content: Buffer.from("deep") }] } }],
});

const digestOf = async (bytes: Uint8Array, extended: boolean): Promise<string> =>
  (await msiDigest(sourceOf(bytes), { algorithm: "sha256", extended, budget: testBudget() })).digest.toString(
    "hex",
  );

describe("signatures of installers", () => {
  it.skipIf(corpusFile("jsign/minimal-signed-with-signtool.msi") === undefined)(
    `computes the digest that signtool signed, pre-hash included (${NO_CORPUS} when skipped)`,
    async () => {
      const source = sourceOf(await readFile(corpusFile("jsign/minimal-signed-with-signtool.msi") ?? ""));
      const signature = await msiSignature(source);
      const { digest, extended } = await msiDigest(source, {
        algorithm: "sha1",
        extended: true,
        budget: testBudget(),
      });
      expect(signature?.extended).toEqual(extended);
      expect(signature?.blob?.der.includes(digest)).toBe(true);
      expect(signature?.findings).toEqual([]);
    },
  );

  it("finds no signature in an unsigned installer", async () => {
    expect(await msiSignature(sourceOf(msi))).toBeUndefined();
  });

  it("computes the same digest before and after signing, and finds the signature", async () => {
    const signed = await withMsiSignature(msi, { pkcs7: PKCS7, extended: Buffer.alloc(32, 1) });
    for (const extended of [true, false])
      expect(await digestOf(signed, extended)).toBe(await digestOf(msi, extended));
    expect(await msiSignature(sourceOf(signed))).toEqual({
      blob: { der: PKCS7, offsetBytes: 0 },
      extended: Buffer.alloc(32, 1),
      findings: [],
    });
  });

  it("sees names, sizes and times by the pre-hash alone", async () => {
    const build = (name: string, at: number): Buffer =>
      writeCompoundFile({
        children: [
          {
            name,
            content: Buffer.from("same"),
            metadata: {
              stateBits: Buffer.alloc(4),
              createdAt: Buffer.alloc(8, at),
              modifiedAt: Buffer.alloc(8),
            },
          },
        ],
      });
    const [first, renamed, touched] = [build("a", 0), build("b", 0), build("a", 1)];
    expect(await digestOf(renamed, false)).toBe(await digestOf(first, false));
    expect(await digestOf(touched, false)).toBe(await digestOf(first, false));
    expect(await digestOf(renamed, true)).not.toBe(await digestOf(first, true));
    expect(await digestOf(touched, true)).not.toBe(await digestOf(first, true));
  });

  it("sees every byte of every stream, in storages too", async () => {
    for (const text of ["deep", "Demo"]) {
      const changed = Buffer.from(msi);
      const at = changed.indexOf(text);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(await digestOf(changed, false)).not.toBe(await digestOf(msi, false));
    }
  });

  it("finds bytes hidden behind the PKCS#7 in its stream", async () => {
    const signed = await withMsiSignature(msi, { pkcs7: Buffer.concat([PKCS7, Buffer.alloc(5000, 7)]) });
    expect((await msiSignature(sourceOf(signed)))?.findings).toMatchObject([
      { check: "certificate-table", outcome: "fail", facts: { lengthBytes: 5000 } },
    ]);
  });

  it("fails an installer that stores another digest of its names than they have", async () => {
    const signed = await signMsi(msi, { signer, extended: true });
    const verdictOn = (bytes: Buffer) =>
      authenticode.verify(sourceOf(bytes), verifyContext({ trust, now: NOW, format: "msi" }));
    expect((await verdictOn(signed)).signatures).toMatchObject([{ integrity: "pass", trust: "valid-now" }]);
    const { extended } = (await msiSignature(sourceOf(signed))) ?? {};
    const at = signed.indexOf(extended ?? "");
    signed.writeUInt8(signed.readUInt8(at) ^ 1, at);
    expect((await verdictOn(signed)).findings).toMatchObject([
      { check: "integrity", outcome: "fail", because: expect.stringContaining("stored digest") },
    ]);
  });

  it("fails the signature of a script or a package over what its streams hold one after the other", async () => {
    const fileDigest = Buffer.from(await digestOf(msi, false), "hex");
    const classes = ["1fcc3b60594b084eb724d2c6297ef351", "4bdfc50a07cee24db76e23c839a09fd1"];
    for (const sipClass of classes) {
      const pkcs7 = signAuthenticode({ subject: "script", sipClass, fileDigest, signer });
      const bytes = await withMsiSignature(msi, { pkcs7 });
      const context = verifyContext({ trust, now: NOW, format: "msi" });
      expect((await authenticode.verify(sourceOf(bytes), context)).signatures).toMatchObject([
        { integrity: "fail", because: expect.stringMatching(/another kind of file/) },
      ]);
    }
  });

  it("finds a signature that is no whole DER value", async () => {
    const signed = await withMsiSignature(msi, { pkcs7: Buffer.from("3080", "hex") });
    expect((await msiSignature(sourceOf(signed)))?.findings).toMatchObject([{ outcome: "fail" }]);
  });

  it("refuses a signature of a size that no signer writes", async () => {
    const signed = await withMsiSignature(msi, { pkcs7: PKCS7, extended: Buffer.alloc(65) });
    await expect(msiSignature(sourceOf(signed))).rejects.toMatchObject({ code: "artifact.over-limit" });
  });
});

it.each([
  ["cab", writeCabinet({ files: [{ name: "a", content: Buffer.alloc(5000, 1) }] }).subarray(0, 30)],
  ["msi", msi.subarray(0, msi.length - 2048)],
  ["pe", image.subarray(0, 200)],
])("calls no signature broken in an unsigned %s that is cut short", async (format, bytes) => {
  const context = verifyContext({ trust, now: NOW, format });
  expect(await authenticode.verify(sourceOf(bytes), context)).toMatchObject({
    signatures: [],
    findings: [{ check: "integrity", outcome: "unknown" }],
  });
});

describe("signatures of cabinets", () => {
  const prepared = withSignaturePlace(
    writeCabinet({ files: [{ name: "a", content: Buffer.alloc(5000, 1) }] }),
  );
  const signed = withCabSignature(prepared, PKCS7);
  const digest = async (bytes: Buffer): Promise<string> =>
    (await cabDigest(sourceOf(bytes), { algorithm: "sha256", budget: testBudget() })).toString("hex");
  const changed = (change: (copy: Buffer) => void): Buffer => {
    const copy = Buffer.from(signed);
    change(copy);
    return copy;
  };

  it("finds no signature in an unsigned cabinet, and has no digest for it", async () => {
    const source = sourceOf(writeCabinet({ files: [{ name: "a", content: Buffer.from("x") }] }));
    expect(await cabSignature(source)).toBeUndefined();
    await expect(cabDigest(source, { algorithm: "sha256", budget: testBudget() })).rejects.toBeInstanceOf(
      ArtifactError,
    );
  });

  it("computes the same digest before and after signing, and finds the signature", async () => {
    expect(await digest(signed)).toBe(await digest(prepared));
    expect(await cabSignature(sourceOf(signed))).toEqual({
      blob: { der: PKCS7, offsetBytes: prepared.length },
      findings: [],
    });
  });

  it("covers every byte of the cabinet but the fields it checks itself", async () => {
    const before = await digest(signed);
    for (let at = 0; at < prepared.length; at += at < 80 ? 1 : 37) {
      const flipped = changed((copy) => {
        copy[at] = (copy[at] ?? 0) ^ 0x10;
      });
      const after = await digest(flipped).catch((error: ArtifactError) => error.code);
      const signature = await cabSignature(sourceOf(flipped)).catch((error: ArtifactError) => error.code);
      const isFound =
        typeof signature === "string" || signature === undefined || signature.findings.length > 0;
      // iCabinet: signers leave it out, and it changes nothing that is read.
      if (at !== 34 && at !== 35) expect(after !== before || isFound, `byte ${at}`).toBe(true);
    }
  });

  it.each<[string, Buffer]>([
    ["behind the signature", Buffer.concat([signed, Buffer.alloc(8, 7)])],
    [
      "behind the PKCS#7, inside the signature",
      withCabSignature(prepared, Buffer.concat([PKCS7, Buffer.alloc(64, 7)])),
    ],
    ["in the padding", changed((copy) => copy.writeUInt8(7, copy.length - 1))],
    ["in the reserve", changed((copy) => copy.writeUInt32LE(7, 52))],
    ["in the first reserved field", changed((copy) => copy.writeUInt32LE(7, 4))],
  ])("finds bytes hidden %s", async (_, bytes) => {
    expect((await cabSignature(sourceOf(bytes)))?.findings).toMatchObject([
      { check: "certificate-table", outcome: "fail" },
    ]);
  });

  it("answers a signed cabinet cut anywhere with a typed error, a finding or no signature", async () => {
    for (let cut = 0; cut < signed.length; cut += 3) {
      const answer = await cabSignature(sourceOf(signed.subarray(0, cut))).catch((error: unknown) => error);
      if (answer instanceof Error) expect(answer).toBeInstanceOf(ArtifactError);
      else expect(answer).not.toMatchObject({ findings: [] });
    }
  });
});
