import { sourceOf, verifyContext } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { issueToken } from "../../replica/timestamp-authority.ts";
import { pair, withBlock } from "../apk/package.fixture.ts";
import { authority, day, NOW, signer, signerOf, trust } from "../authenticode/signing.fixture.ts";
import { opc } from "./index.ts";
import {
  C14N,
  contentTypesOf,
  ORIGIN,
  PARTS,
  type PackageRequest,
  ROOT_RELATIONSHIPS,
  referenceOf,
  relationshipsOf,
  rootReference,
  type Signing,
  signatureXml,
  signedPackage,
  withSignature,
} from "./package.fixture.ts";

const verify = (bytes: Buffer) =>
  opc.verify(sourceOf(bytes), verifyContext({ format: "vsix", trust, now: NOW }));
const xml = signatureXml({ signer });
const [manifest, library] = PARTS;
if (manifest === undefined || library === undefined) throw new Error("no parts");
const ORIGIN_PART = "/package/services/digital-signature/origin.psdor";
const EVIL = { name: "evil.dll", bytes: Buffer.from("added later") };

describe("a package that was changed after it was signed", () => {
  it.each<[string, PackageRequest, string]>([
    ["content", { parts: [manifest, { ...library, bytes: Buffer.from("other") }] }, "fail"],
    ["a part more", { more: [EVIL] }, "fail"],
    ["a part less", { parts: [manifest] }, "fail"],
    ["a content type", { types: contentTypesOf().replace("application/octet-stream", "text/plain") }, "fail"],
    [
      "a content type for one part",
      { types: contentTypesOf('<Override PartName="/My%20Extension.dll" ContentType="text/plain"/>') },
      "fail",
    ],
    [
      "the relationships that are signed",
      { relationships: ROOT_RELATIONSHIPS.replace("/extension.vsixmanifest", "/My%20Extension.dll") },
      "fail",
    ],
    [
      "a relationship more",
      {
        relationships: relationshipsOf(
          ["R2", ORIGIN, ORIGIN_PART],
          ["R1", "http://example.com/demo", "/extension.vsixmanifest"],
          ["R3", "http://example.com/other", "/My%20Extension.dll"],
        ),
      },
      "unknown",
    ],
    [
      "a relationship of the origin",
      {
        originRelationships: relationshipsOf(
          [
            "S",
            "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/signature",
            "/package/services/digital-signature/xml-signature/demo.psdsxs",
          ],
          ["E", "http://example.com/other", "/My%20Extension.dll"],
        ),
      },
      "fail",
    ],
  ])("is not believed: %s", async (_what, request, outcome) => {
    const { signatures, findings } = await verify(withSignature(xml, request));
    expect(signatures).toMatchObject([{ integrity: outcome, trust: "broken" }]);
    expect(findings).toContainEqual(expect.objectContaining({ check: "integrity", outcome }));
  });

  it("is refused when a part is there twice, in another spelling", async () => {
    const { findings } = await verify(withSignature(xml, { more: [{ ...EVIL, name: "my extension.DLL" }] }));
    expect(findings).toMatchObject([
      { check: "integrity", outcome: "fail", because: expect.stringMatching(/two members are/) },
    ]);
  });

  it("is asked about when nothing leads to its signature any more", async () => {
    const relationships = relationshipsOf(["R1", "http://example.com/demo", "/extension.vsixmanifest"]);
    expect(await verify(withSignature(xml, { relationships }))).toMatchObject({
      signatures: [],
      findings: [{ check: "integrity", outcome: "unknown" }],
    });
  });

  it("is refused when its signature is not there", async () => {
    const originRelationships = relationshipsOf([
      "S",
      "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/signature",
      "/gone.psdsxs",
    ]);
    expect((await verify(withSignature(xml, { originRelationships }))).findings).toContainEqual(
      expect.objectContaining({ check: "integrity", outcome: "fail" }),
    );
  });
});

describe("signatures that say one thing and cover another", () => {
  const change =
    (from: string | RegExp, to: string): Signing["change"] =>
    (text) =>
      text.replace(from, to);
  const wrapped = (text: string): string => {
    const object = /<Object Id="idPackageObject">.*<\/Object>/s.exec(text)?.[0] ?? "";
    const other = object.replace(
      /<Manifest>.*<\/Manifest>/s,
      `<Manifest>${referenceOf(manifest)}</Manifest>`,
    );
    return text.replace(object, `${other}<Object>${object}</Object>`);
  };
  it.each<[string, Signing["change"], string]>([
    ["another value", change(/<SignatureValue>./, "<SignatureValue>A"), "fail"],
    ["another digest of the list", change(/<DigestValue>./, "<DigestValue>_".replace("_", "A")), "fail"],
    ["a changed list", change(/(<Manifest>.*?<DigestValue>)./s, "$1A"), "fail"],
    ["a list in the place of the signed one", wrapped, "fail"],
    [
      "a second element of the signed one's name",
      change("<KeyInfo>", '<KeyInfo Id="idPackageObject">'),
      "fail",
    ],
    ["an object that is not there", change('URI="#idPackageObject"', 'URI="#gone"'), "unknown"],
    ["another canonical form", change(C14N, "http://www.w3.org/2001/10/xml-exc-c14n#"), "unknown"],
    ["an algorithm nobody knows", change("rsa-sha256", "rsa-sha999"), "unknown"],
    ["no signed list", change(/<Reference URI="#idPackageObject".*?<\/Reference>/s, ""), "fail"],
    [
      "one object twice",
      (text) => text.replace(/(<Reference URI="#idPackageObject".*?<\/Reference>)/s, "$1$1"),
      "fail",
    ],
    ["two values", change("<SignatureValue>", "<SignatureValue/><SignatureValue>"), "fail"],
    ["no certificate", change(/<X509Data>.*<\/X509Data>/s, ""), "fail"],
    ["a processing instruction", change("<SignedInfo>", "<?x y?><SignedInfo>"), "unknown"],
    ["another root", change(/Signature /g, "Signatur "), "fail"],
    ["an end too early", (text) => text.slice(0, -20), "fail"],
  ])("are not believed: %s", async (_what, changed, outcome) => {
    const bytes = signedPackage({ signer, ...(changed && { change: changed }) });
    const { signatures, findings } = await verify(bytes);
    expect(signatures).toMatchObject([{ integrity: outcome, trust: "broken" }]);
    expect(findings.some((one) => one.check === "integrity" && one.outcome === outcome)).toBe(true);
  });

  it.each<[string, string, string]>([
    [
      "a transform nobody knows",
      '<Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"/>',
      "unknown",
    ],
    [
      "a transform after another",
      `<Transform Algorithm="${C14N}"/><Transform Algorithm="${C14N}"/>`,
      "unknown",
    ],
  ])("are asked about: %s", async (_what, transforms, outcome) => {
    const references = [referenceOf(manifest, { transforms }), referenceOf(library), rootReference()].join(
      "",
    );
    expect((await verify(signedPackage({ signer, references }))).signatures).toMatchObject([
      { integrity: outcome },
    ]);
  });

  it("are not believed when they list a part twice, and asked about when they cover much XML", async () => {
    const twice = [referenceOf(manifest), referenceOf(manifest), referenceOf(library), rootReference()];
    expect((await verify(signedPackage({ signer, references: twice.join("") }))).signatures).toMatchObject([
      { integrity: "fail", because: expect.stringMatching(/listed twice/) },
    ]);
    const transforms = `<Transform Algorithm="${C14N}"/>`;
    const large = { ...manifest, bytes: Buffer.from(`<a>${" ".repeat(17 * 1024 * 1024)}</a>`) };
    const references = [referenceOf(large, { transforms }), referenceOf(library), rootReference()].join("");
    const parts = [large, library];
    expect((await verify(signedPackage({ signer, references }, { parts }))).signatures).toMatchObject([
      { integrity: "unknown" },
    ]);
  });

  it("are asked about when they refer to something outside", async () => {
    const references = `${referenceOf(manifest).replace("/extension", "http://example.com/extension")}${referenceOf(library)}`;
    expect((await verify(signedPackage({ signer, references }))).signatures).toMatchObject([
      { integrity: "unknown" },
    ]);
  });

  it("take any certificate that is of the key", async () => {
    const other = Buffer.from(signerOf({ subject: { commonName: "Other" } }).certificate).toString("base64");
    const changed = signedPackage({
      signer,
      keyInfo: `<X509Data><X509Certificate>${other}</X509Certificate></X509Data>`,
    });
    // The same key, in another certificate: who holds the key may have asked for both.
    expect((await verify(changed)).signatures).toMatchObject([{ integrity: "pass" }]);
  });

  it("are not believed with a timestamp of another signature", async () => {
    const token = issueToken({ authority, signature: Buffer.from("another"), at: day("2025-06-01") });
    const behind = () =>
      `<Object><TimeStamp xmlns="http://schemas.openxmlformats.org/package/2006/digital-signature"><EncodedTime>${token.toString("base64")}</EncodedTime></TimeStamp></Object>`;
    expect((await verify(signedPackage({ signer, behind }))).signatures).toMatchObject([
      { integrity: "fail" },
    ]);
  });
});

describe("bytes in a signature that it does not cover", () => {
  const filling = "QUJD".repeat(8000);
  it.each<[string, Partial<Signing>]>([
    ["an object", { behind: () => `<Object>${filling}</Object>` }],
    ["a comment", { change: (text) => text.replace("<KeyInfo>", `<!--${filling}--><KeyInfo>`) }],
    [
      "a key's name",
      { change: (text) => text.replace("<KeyInfo>", `<KeyInfo><KeyName>${filling}</KeyName>`) },
    ],
    ["what it signs itself", { inside: `<Note>${filling}${filling}${filling}</Note>` }],
    ["white space", { change: (text) => text.replace("<KeyInfo>", `<KeyInfo>${" ".repeat(30_000)}`) }],
  ])("are found: %s", async (_what, signing) => {
    expect((await verify(signedPackage({ signer, ...signing }))).findings).toMatchObject([
      { check: "certificate-table", outcome: "fail" },
    ]);
  });
});

describe("bytes beside the parts", () => {
  const hidden = "QUJD".repeat(5000);
  it.each<[string, PackageRequest]>([
    ["a comment among content types", { types: contentTypesOf(`<!--${hidden}-->`) }],
    [
      "text among content types",
      { types: contentTypesOf(`<Default Extension="x" ContentType="${hidden}"/>`) },
    ],
    [
      "a comment among relationships",
      { relationships: ROOT_RELATIONSHIPS.replace("</Relationships>", `<!--${hidden}--></Relationships>`) },
    ],
    [
      "an attribute of a relationship that is about signatures",
      { relationships: ROOT_RELATIONSHIPS.replace('Id="R2"', `Id="R2" Note="${hidden}"`) },
    ],
  ])("are not covered in lists: %s", async (_what, request) => {
    const { signatures, findings } = await verify(withSignature(xml, request));
    expect(signatures).toMatchObject([{ integrity: "pass" }]);
    expect(findings).toMatchObject([{ check: "certificate-table", outcome: "fail" }]);
  });

  it("are asked about where a reader may find relationships in them", async () => {
    const inside = ROOT_RELATIONSHIPS.replace(
      "</Relationships>",
      '<x:Choice xmlns:x="urn:x"><Relationship Id="E" Type="http://example.com/demo" Target="/evil"/></x:Choice></Relationships>',
    );
    expect((await verify(withSignature(xml, { relationships: inside }))).findings).toMatchObject([
      { check: "integrity", outcome: "unknown" },
    ]);
  });

  it.each([
    [
      "a script in front",
      (bytes: Buffer) => Buffer.concat([Buffer.from("#!/bin/sh\nexit\n"), bytes]),
      "integrity",
    ],
    [
      "a signing block",
      (bytes: Buffer) => withBlock(bytes, pair(0x504b4453, Buffer.alloc(9000, "x"))),
      "certificate-table",
    ],
    ["bytes behind", (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(9000, "x")]), "certificate-table"],
  ])("are not covered: %s", async (_what, change, check) => {
    const { signatures, findings } = await verify(change(withSignature(xml)));
    expect(signatures).toMatchObject([{ integrity: "pass" }]);
    expect(findings).toMatchObject([{ check, outcome: "fail" }]);
  });
});

it("reads a signature with a hundred thousand elements as any other", async () => {
  const inside = `<Note>${"<b/>".repeat(150_000)}</Note>`;
  const { signatures, findings } = await verify(signedPackage({ signer, inside }));
  expect(signatures).toMatchObject([{ integrity: "pass" }]);
  expect(findings).toMatchObject([{ check: "certificate-table", outcome: "fail" }]);
});
