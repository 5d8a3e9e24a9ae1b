/** Bytes no signature covers, several signatures, and signatures that mean harm. */

import { describe, expect, it } from "vitest";
import { writeInteger, writeOctetString, writeSequence } from "../../asn1/write.ts";
import { signAuthenticode } from "../../replica/authenticode-signer.ts";
import { issueCertificate, issueRoot, writeExtension } from "../../replica/certificate-authority.ts";
import { writeAttribute } from "../../replica/cms-signer.ts";
import { buildPeImage, imageDigest, signPe, withCertificateTable } from "../../replica/pe-image.ts";
import { signingKeyNamed } from "../../replica/signing-key.ts";
import { writeZip } from "../../replica/zip-archive.ts";
import {
  day,
  image,
  root,
  signer,
  signerOf,
  stamped,
  strangerClock,
  verify,
  YEARS,
} from "./signing.fixture.ts";

const nobody = issueCertificate({
  subject: { commonName: "Nobody" },
  key: signingKeyNamed("nobody", "p-256"),
  ...YEARS,
});
const nobodysSignature = (programName: string) =>
  signAuthenticode({ subject: "pe", fileDigest: imageDigest(image, "sha256"), signer: nobody, programName });

describe("hiding places", () => {
  it("are found in a signature of nobody that holds the trusted one inside", async () => {
    const genuine = signAuthenticode({ subject: "pe", fileDigest: imageDigest(image, "sha256"), signer });
    const { findings } = await verify(
      signPe(image, { signer: nobody, nested: [genuine], programName: "harmless ".repeat(9000) }),
    );
    expect(findings).toContainEqual(
      expect.objectContaining({
        check: "certificate-table",
        outcome: "fail",
        because: expect.stringContaining("nobody vouches for"),
      }),
    );
  });

  it("are asked about when an unknown attribute is small", async () => {
    const { findings } = await verify(
      signPe(image, { signer, unsignedAttributes: () => [writeAttribute("1.2.3.4", writeInteger(5))] }),
    );
    expect(findings).toMatchObject([
      { check: "certificate-table", outcome: "unknown", facts: { rule: "C6" } },
    ]);
  });

  it("are found in many small attributes that nobody knows", async () => {
    const many = Array.from({ length: 3 }, (_, index) =>
      writeAttribute(`1.2.3.${index}`, writeOctetString(Buffer.alloc(2000))),
    );
    const { findings } = await verify(signPe(image, { signer, unsignedAttributes: () => many }));
    expect(findings).toMatchObject([{ check: "certificate-table", outcome: "fail", facts: { rule: "C6" } }]);
  });

  it("are found in timestamps of nobody, each no larger than a timestamp", async () => {
    const clock = strangerClock({
      extraExtensions: [writeExtension("1.2.3.4", false, Buffer.alloc(20_000))],
    });
    const twice = (signature: Buffer) => [
      ...stamped(day("2026-01-01"), clock)(signature),
      ...stamped(day("2026-01-02"), clock)(signature),
    ];
    const { findings } = await verify(signPe(image, { signer, unsignedAttributes: twice }));
    expect(findings).toMatchObject([{ check: "certificate-table", outcome: "fail", facts: { rule: "C8" } }]);
  });

  it("are found in many signatures of nobody, each no larger than a signature", async () => {
    const one = nobodysSignature("harmless ".repeat(600));
    const { findings } = await verify(signPe(image, { signer, nested: [one, one, one] }));
    expect(findings).toMatchObject([{ check: "certificate-table", outcome: "fail", facts: { rule: "C8" } }]);
  });

  it("are found in copies of the trusted signature that carry revocation data along", async () => {
    const one = signAuthenticode({
      subject: "pe",
      fileDigest: imageDigest(image, "sha256"),
      signer,
      revocationLists: [writeSequence(writeOctetString(Buffer.alloc(4000)))],
    });
    const { findings } = await verify(
      signPe(image, { signer, nested: Array.from({ length: 8 }, () => one) }),
    );
    expect(findings).toMatchObject([{ check: "certificate-table", outcome: "fail", facts: { rule: "C8" } }]);
  });

  it("are not seen in an older signature and a timestamp that nobody here trusts", async () => {
    const { findings } = await verify(
      signPe(image, {
        signer,
        nested: [nobodysSignature("Demo")],
        unsignedAttributes: stamped(day("2026-01-01"), strangerClock()),
      }),
    );
    expect(findings).toEqual([]);
  });

  it("are found in what signers with bought certificates say of themselves", async () => {
    const bought = signAuthenticode({
      subject: "pe",
      fileDigest: imageDigest(image, "sha256"),
      signer: signerOf({ subject: { commonName: "Bought" } }),
      programName: "harmless ".repeat(900),
    });
    const { findings } = await verify(signPe(image, { signer, nested: [bought, bought] }));
    expect(findings).toMatchObject([{ check: "certificate-table", outcome: "fail", facts: { rule: "C8" } }]);
  });

  it("are not seen in duplicates, roots and cross-certificates", async () => {
    const second = issueRoot({
      subject: { commonName: "Second root" },
      key: signingKeyNamed("second", "p-256"),
      ...YEARS,
    });
    const cross = issueCertificate(
      { subject: { commonName: "Root" }, key: signingKeyNamed("root", "p-256"), ...YEARS, isAuthority: true },
      second,
    );
    const certificates = [signer.certificate, root.certificate, cross.certificate, second.certificate];
    expect((await verify(signPe(image, { signer, certificates }))).findings).toEqual([]);
  });

  it("are only mentioned for one ordinary certificate too many", async () => {
    const { findings } = await verify(
      signPe(image, { signer, certificates: [signerOf({ subject: { commonName: "Spare" } }).certificate] }),
    );
    expect(findings).toMatchObject([{ check: "certificate-table", outcome: "pass", facts: { rule: "C7" } }]);
  });

  it("are found where an archive ends, for readers that look from the end", async () => {
    const archive = writeZip([{ name: "E.class", bytes: Buffer.from("harmless") }]);
    const spare = signerOf({ extraExtensions: [writeExtension("1.2.3.4", false, archive)] });
    const signed = signPe(buildPeImage({ overlay: archive }), {
      signer,
      certificates: [spare.certificate],
    });
    expect((await verify(signed)).findings).toContainEqual(
      expect.objectContaining({ outcome: "fail", facts: expect.objectContaining({ rule: "T9" }) }),
    );
    const { findings } = await verify(signPe(buildPeImage({ overlay: archive }), { signer }));
    expect(findings).toEqual([]);
  });

  it("are found in a certificate set used as a container", async () => {
    const fat = signerOf({ extraExtensions: [writeExtension("1.2.3.4", false, Buffer.alloc(9000))] });
    const { findings } = await verify(signPe(image, { signer, certificates: [fat.certificate] }));
    expect(findings).toMatchObject([{ check: "certificate-table", outcome: "fail", facts: { rule: "C7" } }]);
  });
});

describe("several entries", () => {
  const pkcs7 = signAuthenticode({ subject: "pe", fileDigest: imageDigest(image, "sha256"), signer });

  it("are one too many on a program", async () => {
    const { findings } = await verify(withCertificateTable(image, [{ pkcs7 }, { pkcs7 }]));
    expect(findings).toMatchObject([{ check: "certificate-table", facts: { rule: "T5" } }]);
  });

  it("are each verified on an EFI image", async () => {
    const efi = buildPeImage({ subsystem: 10 });
    const good = signAuthenticode({ subject: "pe", fileDigest: imageDigest(efi, "sha256"), signer });
    const both = await verify(withCertificateTable(efi, [{ pkcs7: good }, { pkcs7: good }]));
    expect(both.findings).toEqual([]);
    expect(both.signatures).toMatchObject([{ integrity: "pass" }, { integrity: "pass" }]);
    const mixed = await verify(withCertificateTable(efi, [{ pkcs7: good }, { pkcs7 }]));
    expect(mixed.signatures).toMatchObject([{ integrity: "pass" }, { integrity: "fail" }]);
  });
});

describe("hostile signatures", () => {
  const nested = [signAuthenticode({ subject: "pe", fileDigest: imageDigest(image, "sha256"), signer })];
  const signed = signPe(image, { signer, nested, unsignedAttributes: stamped(day("2026-01-01")) });
  const body = image.length;

  it("never throw and never pass when one byte of what is signed was changed", async () => {
    const random = sequence(11);
    for (let round = 0; round < 400; round += 1) {
      const copy = Buffer.from(signed);
      const at = round % 4 === 0 ? random(body) : body + random(copy.length - body);
      copy[at] = (copy[at] ?? 0) ^ (1 + random(255));
      const { findings } = await verify(copy);
      if (at >= 1024 && at < body)
        expect(findings.some(({ check, outcome }) => check === "integrity" && outcome === "fail")).toBe(true);
    }
  });

  it("never throw when the file is cut", async () => {
    for (let length = 0; length < signed.length; length += length < 1100 ? 37 : 211)
      expect((await verify(signed.subarray(0, length))).findings.length).toBeGreaterThan(0);
  });

  it("are held when signatures lie too deep in each other", async () => {
    const deep = Array.from({ length: 5 }).reduce<Buffer>(
      (inner) =>
        signAuthenticode({
          subject: "pe",
          fileDigest: imageDigest(image, "sha256"),
          signer,
          nested: [inner],
        }),
      nested[0] ?? Buffer.alloc(0),
    );
    const { findings } = await verify(withCertificateTable(image, [{ pkcs7: deep }]));
    expect(findings).toContainEqual(expect.objectContaining({ check: "integrity", outcome: "unknown" }));
  });

  it("are unknown when the time is up", async () => {
    expect((await verify(signed, { milliseconds: -1 })).findings).toMatchObject([
      { check: "integrity", outcome: "unknown" },
    ]);
  });
});

/** Numbers below a bound, the same in every run. */
function sequence(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % bound;
  };
}
