import { sourceOf, verifyContext } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { writeNull, writeOctetString } from "../../asn1/write.ts";
import { buildZip, descriptor, field, type Part } from "../../formats/zip/zip.fixture.ts";
import { writeAttribute } from "../../replica/cms-signer.ts";
import { signingKeyNamed } from "../../replica/signing-key.ts";
import { NOW, signer, signerOf, trust } from "../authenticode/signing.fixture.ts";
import { nuget } from "./index.ts";
import {
  attributesOf,
  contentOf,
  countersignatureOf,
  PARTS,
  type PackageRequest,
  type PackageSigning,
  signatureOf,
  signedPackage,
  withSignature,
} from "./package.fixture.ts";

const verify = (bytes: Buffer) =>
  nuget.verify(sourceOf(bytes), verifyContext({ format: "nupkg", trust, now: NOW }));
const repository = signerOf({ subject: { commonName: "Repository" } });
const signature = signatureOf(buildZip(PARTS), { signer });

/** The decent parts with one of them changed. */
const changed = (name: string, change: Partial<Part>): Part[] =>
  PARTS.map((part) => (part.name === name ? { ...part, ...change } : part));

describe("a package that was changed after it was signed", () => {
  it("is believed when nothing was changed, so the others fail for their reasons", async () => {
    expect(await verify(withSignature(signature))).toMatchObject({ findings: [] });
  });

  it.each<[string, PackageRequest]>([
    ["content", { parts: changed("lib/net8.0/Demo.dll", { bytes: Buffer.from("other") }) }],
    ["a name", { parts: changed("Demo.nuspec", { name: "Dem0.nuspec" }) }],
    ["a member more", { parts: [...PARTS, { name: "tools/install.ps1", bytes: Buffer.from("x") }] }],
    ["a member less", { parts: PARTS.slice(1) }],
    ["the order", { parts: PARTS.toReversed() }],
    ["an extra field", { parts: changed("Demo.nuspec", { extra: field(7, Buffer.from("x")) }) }],
    ["attributes", { parts: changed("Demo.nuspec", { attributes: 1 }) }],
    ["a comment", { frame: { comment: Buffer.from("hidden") } }],
    ["something before", { frame: { prefix: Buffer.from("hidden") } }],
  ])("is not, for %s", async (_what, request) => {
    const { signatures, findings } = await verify(withSignature(signature, request));
    expect(signatures).toMatchObject([{ integrity: "fail", trust: "broken" }]);
    expect(findings).toContainEqual(expect.objectContaining({ check: "integrity", outcome: "fail" }));
  });
});

describe("the signature's own member", () => {
  it.each<[string, Partial<Part>, string]>([
    ["packed", { method: 8 }, "integrity"],
    ["flags", { flags: 0x0800 }, "integrity"],
    ["a descriptor", { after: descriptor(signature) }, "integrity"],
    ["an extra field", { extra: field(9, Buffer.alloc(500)) }, "certificate-table"],
    [
      "an extra field in its own header only",
      { localExtra: field(9, Buffer.alloc(500)) },
      "certificate-table",
    ],
  ])("holds nothing else: %s", async (_what, member, check) => {
    const { findings } = await verify(withSignature(signature, { member }));
    expect(findings).toMatchObject([{ check, outcome: "fail" }]);
  });

  it("is followed by the next one at once", async () => {
    const member = { packed: Buffer.concat([signature, Buffer.from("hidden")]), sizeBytes: signature.length };
    expect((await verify(withSignature(signature, { member }))).findings).toMatchObject([
      { check: "integrity", outcome: "fail" },
    ]);
  });

  it.each([
    ["nothing", Buffer.alloc(0)],
    ["no PKCS#7", Buffer.from("text")],
    ["a PKCS#7 and more", Buffer.concat([signature, Buffer.from("more")])],
    ["a part of one", signature.subarray(0, 500)],
  ])("is reported as broken when it holds %s", async (_what, bytes) => {
    expect(await verify(withSignature(bytes))).toMatchObject({
      signatures: [{ scheme: "nuget", integrity: "fail", trust: "broken" }],
      findings: [{ check: "integrity", outcome: "fail" }],
    });
  });
});

describe("what is signed", () => {
  const whole = contentOf(buildZip(PARTS));
  it.each<[string, string, string]>([
    ["another version", whole.replace("Version:1", "Version:2"), "unknown"],
    ["a digest nobody knows", whole.replace(/[0-9.]+-Hash/, "1.2.3.4-Hash"), "unknown"],
    ["two digests", whole.replace(/\n\n$/, "\n1.2.3-Hash:AAAAAAAAAAAAAAAAAAAAAAAA\n\n"), "fail"],
    ["more behind it", `${whole}Hidden:x\n\n`, "fail"],
    ["nothing", "", "fail"],
    ["another line end in the middle", whole.replace("\n", "\r\n"), "fail"],
  ])("is one version and one digest, not %s", async (_what, content, outcome) => {
    const { signatures } = await verify(signedPackage({ signer, content }));
    expect(signatures).toMatchObject([{ integrity: outcome }]);
  });

  it("may have Windows' line ends", async () => {
    const content = whole.replaceAll("\n", "\r\n");
    expect(await verify(signedPackage({ signer, content }))).toMatchObject({ findings: [] });
  });

  it("names the certificate that is meant", async () => {
    const signedAttributes = attributesOf("author", repository);
    expect(await verify(signedPackage({ signer, signedAttributes }))).toMatchObject({
      signatures: [{ integrity: "fail", because: expect.stringMatching(/another certificate/) }],
    });
  });
});

describe("countersignatures", () => {
  const countersigned = (
    countersign: PackageSigning["countersign"],
    certificates = [repository.certificate],
  ) => verify(signedPackage({ signer, certificates, ...(countersign && { countersign }) }));

  it.each<[string, PackageSigning["countersign"], RegExp]>([
    [
      "over another signature",
      () => [countersignatureOf(Buffer.from("another"), { signer: repository })],
      /does not hold/,
    ],
    [
      "for another certificate",
      (value) => [
        countersignatureOf(value, {
          signer: repository,
          signedAttributes: attributesOf("repository", signer),
        }),
      ],
      /another certificate/,
    ],
    ["that is none", () => [writeNull()], /cannot be read/],
  ])("are reported as broken: one %s", async (_what, countersign, because) => {
    const { signatures } = await countersigned(countersign);
    expect(signatures).toMatchObject([{ integrity: "pass" }, { integrity: "fail", trust: "broken" }]);
    expect(signatures[1]?.because).toMatch(because);
  });

  it("are reported as broken without their certificate", async () => {
    const { signatures } = await countersigned(
      (value) => [countersignatureOf(value, { signer: repository })],
      [],
    );
    expect(signatures[1]?.integrity).toBe("fail");
  });

  it("bind nothing where the value is of an elliptic curve, for which anybody finds a key", async () => {
    const curve = signerOf({ key: signingKeyNamed("curve", "p-256") });
    const countersign = (value: Buffer) => [countersignatureOf(value, { signer: repository })];
    const bytes = signedPackage({ signer: curve, certificates: [repository.certificate], countersign });
    expect((await verify(bytes)).signatures).toMatchObject([
      { integrity: "pass" },
      { integrity: "unknown", trust: "broken" },
    ]);
  });

  it("hide nothing", async () => {
    const unsignedAttributes = () => [writeAttribute("1.2.3.4", writeOctetString(Buffer.alloc(9000)))];
    const { findings } = await countersigned((value) => [
      countersignatureOf(value, { signer: repository, unsignedAttributes }),
    ]);
    expect(findings).toMatchObject([{ check: "certificate-table", outcome: "fail" }]);
  });

  it("are not read beyond a limit", async () => {
    const { signatures } = await countersigned((value) =>
      Array.from({ length: 20 }, () => countersignatureOf(value, { signer: repository })),
    );
    expect(signatures).toMatchObject([{ integrity: "unknown" }]);
  });
});

describe("the primary signature", () => {
  it("hides nothing", async () => {
    const unsignedAttributes = () => [writeAttribute("1.2.3.4", writeOctetString(Buffer.alloc(9000)))];
    expect((await verify(signedPackage({ signer, unsignedAttributes }))).findings).toMatchObject([
      { check: "certificate-table", outcome: "fail" },
    ]);
  });
});
