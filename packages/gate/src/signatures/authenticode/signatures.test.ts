/** Signatures made in code: right, and wrong about one thing each. */

import { readFile } from "node:fs/promises";
import { corpusFile, NO_CORPUS, sourceOf, verifyContext } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { writeBitString, writeInteger, writeObjectIdentifier, writeSequence } from "../../asn1/write.ts";
import { signAuthenticode } from "../../replica/authenticode-signer.ts";
import { issueCertificate, KEY_PURPOSE } from "../../replica/certificate-authority.ts";
import { buildPeImage, imageDigest, signPe, withCertificateTable } from "../../replica/pe-image.ts";
import { signingKeyNamed } from "../../replica/signing-key.ts";
import { issueCountersignature, writeCountersignatureAttribute } from "../../replica/timestamp-authority.ts";
import { authenticode } from "./index.ts";
import {
  authority,
  day,
  expired,
  image,
  NOW,
  signer,
  signerOf,
  stamped,
  strangerClock,
  trust,
  verify,
  YEARS,
} from "./signing.fixture.ts";

describe("a signature on a PE image", () => {
  it.each(["pe32", "pe32+"] as const)(
    "is valid now when nothing says when it was made (%s)",
    async (magic) => {
      const result = await verify(
        signPe(buildPeImage({ magic }), { signer, programName: "Demo", moreInfoUrl: "https://example.org/" }),
      );
      expect(result.findings).toEqual([]);
      expect(result.signatures).toMatchObject([
        {
          integrity: "pass",
          trust: "valid-now",
          facts: { programName: "Demo", moreInfoUrl: "https://example.org/", checksumMatches: true },
        },
      ]);
    },
  );

  it.each(["sha384", "sha512"] as const)("may use %s", async (digest) => {
    expect((await verify(signPe(image, { signer, digest }))).signatures).toMatchObject([
      { integrity: "pass", trust: "valid-now", digestAlgorithm: digest },
    ]);
  });

  const TIMES: readonly [string, Buffer, string][] = [
    ["expired without a timestamp", signPe(image, { signer: expired }), "expired"],
    ["not yet valid", signPe(image, { signer: signerOf({ validFrom: day("2027-01-01") }) }), "not-yet-valid"],
    [
      "valid when a trusted timestamp says so",
      signPe(image, { signer: expired, unsignedAttributes: stamped(day("2022-06-01")) }),
      "valid-timestamped",
    ],
    [
      "not yet valid when its timestamp is still to come",
      signPe(image, { signer, unsignedAttributes: stamped(day("2027-06-01")) }),
      "not-yet-valid",
    ],
    [
      "expired when the timestamp is later",
      signPe(image, { signer: expired, unsignedAttributes: stamped(day("2024-06-01")) }),
      "expired",
    ],
    [
      "valid by a legacy countersignature only",
      signPe(image, {
        signer: expired,
        certificates: [authority.certificate],
        unsignedAttributes: (signature) => [
          writeCountersignatureAttribute(
            issueCountersignature({ authority, signature, at: day("2022-06-01") }),
          ),
        ],
      }),
      "valid-legacy-timestamped",
    ],
    [
      "not believed by a timestamp of nobody",
      signPe(image, { signer: expired, unsignedAttributes: stamped(day("2022-06-01"), strangerClock()) }),
      "timestamp-unverifiable",
    ],
    [
      "ended by expiry when it is for lifetime signing",
      signPe(image, {
        signer: signerOf({
          validFrom: day("2021-01-01"),
          validUntil: day("2023-01-01"),
          extendedKeyUsage: [KEY_PURPOSE.codeSigning, KEY_PURPOSE.lifetimeSigning],
        }),
        unsignedAttributes: stamped(day("2022-06-01")),
      }),
      "expired",
    ],
    [
      "of no use when its signer may not sign code",
      signPe(image, { signer: signerOf({ extendedKeyUsage: [KEY_PURPOSE.serverAuthentication] }) }),
      "invalid-path",
    ],
    [
      "of no use with an RSA key of 1024 bits",
      signPe(image, { signer: signerOf({ key: signingKeyNamed("weak", "rsa-1024") }) }),
      "invalid-path",
    ],
    [
      "self-signed",
      signPe(image, {
        signer: issueCertificate({
          subject: { commonName: "Me" },
          key: signingKeyNamed("me", "p-256"),
          ...YEARS,
          extendedKeyUsage: [KEY_PURPOSE.codeSigning],
        }),
      }),
      "self-signed",
    ],
  ];
  it.each(TIMES)("is %s", async (_, bytes, expected) => {
    const { signatures } = await verify(bytes);
    expect(signatures).toMatchObject([{ integrity: "pass", trust: expected }]);
  });

  const fileDigest = imageDigest(image, "sha256");
  const BROKEN: readonly [string, Parameters<typeof signAuthenticode>[0], RegExp][] = [
    ["for another kind of file", { subject: "cab", fileDigest, signer }, /another kind of file/],
    [
      "of another content type",
      { subject: "pe", fileDigest, signer, broken: { contentType: "1.2.840.113549.1.7.1" } },
      /not the digest of a file/,
    ],
    [
      "with two digests at odds",
      { subject: "pe", fileDigest, signer, broken: { namedDigest: "sha384" } },
      /different kinds/,
    ],
    [
      "over another content",
      { subject: "pe", fileDigest, signer, broken: { messageDigest: Buffer.alloc(32) } },
      /signed digest is not/,
    ],
    ["by two signers", { subject: "pe", fileDigest, signer, broken: { twoSigners: true } }, /2 signers/],
    [
      "with more in its content",
      { subject: "pe", fileDigest, signer, broken: { trailing: writeInteger(1) } },
      /3 fields/,
    ],
    [
      "with another's digest",
      { subject: "pe", fileDigest: Buffer.alloc(32), signer },
      /changed after it was signed/,
    ],
  ];
  it.each(BROKEN)("fails %s", async (_, request, because) => {
    const { signatures, findings } = await verify(
      withCertificateTable(image, [{ pkcs7: signAuthenticode(request) }]),
    );
    expect(signatures).toMatchObject([{ integrity: "fail", trust: "broken" }]);
    expect(findings).toContainEqual(
      expect.objectContaining({
        check: "integrity",
        outcome: "fail",
        because: expect.stringMatching(because),
      }),
    );
  });

  it("fails with a timestamp that belongs to another signature", async () => {
    const stolen = (signature: Buffer) => stamped(day("2026-01-01"))(Buffer.from(signature).reverse());
    const { findings } = await verify(signPe(image, { signer, unsignedAttributes: stolen }));
    expect(findings).toMatchObject([
      { check: "integrity", outcome: "fail", because: expect.stringContaining("timestamp") },
    ]);
  });

  it("refuses a curve that is spelled out (CVE-2020-0601)", async () => {
    const explicit = writeSequence(
      writeSequence(writeObjectIdentifier("1.2.840.10045.2.1"), writeSequence(writeInteger(1))),
      writeBitString(Buffer.concat([Buffer.from([4]), Buffer.alloc(64, 1)])),
    );
    const { signatures } = await verify(
      signPe(image, {
        signer: signerOf({ key: signingKeyNamed("curve", "p-256"), broken: { publicKeyInfo: explicit } }),
      }),
    );
    expect(signatures).toMatchObject([
      { integrity: "fail", because: expect.stringContaining("CVE-2020-0601") },
    ]);
  });
});

describe("weak digests", () => {
  const nestedIn = (digest: "sha1" | "md5", nested: readonly Buffer[]) =>
    signPe(image, { signer, digest, nested });
  const strong = signAuthenticode({ subject: "pe", fileDigest: imageDigest(image, "sha256"), signer });

  it.each(["md5", "sha1"] as const)("fail for %s alone", async (digest) => {
    expect((await verify(nestedIn(digest, []))).findings).toMatchObject([
      { check: "weak-digest", outcome: "fail" },
    ]);
  });

  it("pass for SHA-1 beside a stronger signature", async () => {
    const { signatures, findings } = await verify(nestedIn("sha1", [strong]));
    expect(findings).toEqual([]);
    expect(signatures.map(({ position, trust: belief }) => [position, belief])).toEqual([
      [0, "valid-now"],
      [1, "valid-now"],
    ]);
  });

  it("fail for SHA-1 when the stronger signature is another signer's", async () => {
    const other = signerOf({ subject: { commonName: "Bought" } });
    const bought = signAuthenticode({
      subject: "pe",
      fileDigest: imageDigest(image, "sha256"),
      signer: other,
    });
    expect((await verify(nestedIn("sha1", [bought]))).findings).toMatchObject([{ check: "weak-digest" }]);
  });

  it("fail for SHA-1 when the stronger signature is of another file", async () => {
    const other = signAuthenticode({ subject: "pe", fileDigest: Buffer.alloc(32), signer });
    const { findings } = await verify(nestedIn("sha1", [other]));
    expect(findings.map(({ check }) => check).sort()).toEqual(["integrity", "weak-digest"]);
  });

  it("fail for MD5 even beside a stronger signature", async () => {
    expect((await verify(nestedIn("md5", [strong]))).findings).toMatchObject([{ check: "weak-digest" }]);
  });
});

const CORPUS: readonly [string, string, number, string | undefined][] = [
  ["jsign/fbx64-signed-by-sbsign.efi", "pe", 2, "unknown-root"],
  ["jsign/fbx64.efi", "pe", 0, undefined],
  ["jsign/wineyes.exe", "pe", 0, undefined],
  ["relic/packages/WindowsFormsApplication1.exe", "pe", 1, "self-signed"],
  ["relic/packages/ClassLibrary1.dll", "pe", 0, undefined],
  ["osslsigncode/unsigned.exe", "pe", 0, undefined],
  ["jsign/minimal-signed-with-signtool.msi", "msi", 1, "unknown-root"],
  ["jsign/minimal.msi", "msi", 0, undefined],
  ["jsign/mscab/sample1.cab", "cab", 0, undefined],
];
describe.skipIf(corpusFile("jsign/fbx64.efi") === undefined)(
  `other projects' files (${NO_CORPUS} otherwise)`,
  () => {
    it.each(CORPUS)("reads %s", async (path, format, count, expected) => {
      const bytes = await readFile(corpusFile(path) ?? "");
      const { signatures, findings } = await authenticode.verify(
        sourceOf(bytes),
        verifyContext({
          trust,
          now: NOW,
          format,
        }),
      );
      expect(signatures.map((one) => [one.integrity, one.trust])).toEqual(
        Array.from({ length: count }, () => ["pass", expected]),
      );
      expect(findings.filter(({ check }) => check !== "weak-digest")).toEqual([]);
    });
  },
);
