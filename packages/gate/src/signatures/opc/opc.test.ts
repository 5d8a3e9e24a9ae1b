import { sourceOf, verifyContext } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { buildZip } from "../../formats/zip/zip.fixture.ts";
import { signingKeyNamed } from "../../replica/signing-key.ts";
import { issueToken } from "../../replica/timestamp-authority.ts";
import { authority, day, expired, NOW, signer, signerOf, trust } from "../authenticode/signing.fixture.ts";
import { opc } from "./index.ts";
import {
  C14N,
  contentTypesOf,
  ORIGIN,
  PARTS,
  referenceOf,
  relationshipsOf,
  rootReference,
  signatureXml,
  signedPackage,
  withSignature,
} from "./package.fixture.ts";

const verify = (bytes: Buffer, format = "vsix") =>
  opc.verify(sourceOf(bytes), verifyContext({ format, trust, now: NOW }));

const stampOf = (value: Buffer, at: Date): string =>
  `<Object><TimeStamp xmlns="http://schemas.openxmlformats.org/package/2006/digital-signature" Id="idSignatureTimestamp"><Comment/><EncodedTime>${issueToken({ authority, signature: value, at }).toString("base64")}</EncodedTime></TimeStamp></Object>`;

describe("signed extensions", () => {
  it.each(["sha256", "sha512"] as const)("are believed with RSA and %s", async (digest) => {
    const { signatures, findings } = await verify(signedPackage({ signer, digest }));
    expect(findings).toEqual([]);
    expect(signatures).toMatchObject([
      { scheme: "opc", integrity: "pass", trust: "valid-now", digestAlgorithm: digest, facts: { parts: 3 } },
    ]);
  });

  it("are believed with elliptic curves", async () => {
    const other = signerOf({ key: signingKeyNamed("opc", "p-256") });
    expect(await verify(signedPackage({ signer: other }))).toMatchObject({
      findings: [],
      signatures: [{ integrity: "pass" }],
    });
  });

  it("take the time from a timestamp", async () => {
    const behind = (value: Buffer) => stampOf(value, day("2022-01-01"));
    expect(await verify(signedPackage({ signer: expired, behind }))).toMatchObject({
      findings: [],
      signatures: [{ integrity: "pass", trust: "valid-timestamped" }],
    });
    expect(await verify(signedPackage({ signer: expired }))).toMatchObject({
      signatures: [{ trust: "expired" }],
    });
  });

  it("may sign XML in its canonical form, and relationships whole", async () => {
    const [first, ...others] = PARTS;
    if (first === undefined) throw new Error("no parts");
    const spelled = { ...first, bytes: Buffer.from("<a  b='1'\n><c/></a>") };
    const transforms = `<Transform Algorithm="${C14N}"/>`;
    const transformed = Buffer.from('<a b="1"><c></c></a>');
    const references = [
      referenceOf(spelled, { transforms, transformed }),
      ...others.map((part) => referenceOf(part)),
      rootReference(),
    ].join("");
    expect(
      await verify(signedPackage({ signer, references }, { parts: [spelled, ...others] })),
    ).toMatchObject({
      findings: [],
    });
  });

  it("may keep their certificate in a part of its own", async () => {
    const folder = "package/services/digital-signature";
    const type = "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/certificate";
    const more = [
      {
        name: `${folder}/xml-signature/_rels/demo.psdsxs.rels`,
        bytes: Buffer.from(relationshipsOf(["C", type, `/${folder}/certificate/demo.cer`])),
      },
      { name: `${folder}/certificate/demo.cer`, bytes: signer.certificate },
    ];
    expect(
      await verify(signedPackage({ signer, keyInfo: "<KeyName>demo</KeyName>" }, { more })),
    ).toMatchObject({
      findings: [],
      signatures: [{ integrity: "pass", signer: { commonName: "Signer" } }],
    });
  });

  it("need not sign the way to the signature", async () => {
    const relationships = relationshipsOf(["R", ORIGIN, "package/services/digital-signature/origin.psdor"]);
    const references = PARTS.map((part) => referenceOf(part)).join("");
    expect(await verify(signedPackage({ signer, references }, { relationships }))).toMatchObject({
      findings: [],
    });
  });

  it("are told apart from archives that nobody signed", async () => {
    const plain = [
      { name: "[Content_Types].xml", bytes: Buffer.from(contentTypesOf()) },
      { name: "_rels/.rels", bytes: Buffer.from(relationshipsOf()) },
    ];
    expect(await verify(buildZip(plain))).toEqual({ signatures: [], findings: [] });
    expect(await verify(buildZip([{ name: "a", bytes: Buffer.from("a") }]), "zip")).toEqual({
      signatures: [],
      findings: [],
    });
    expect(await verify(Buffer.from("no zip"))).toMatchObject({ findings: [{ outcome: "unknown" }] });
  });

  it("are not looked for in packages that are made oddly", async () => {
    const odd = [
      { name: "[Content_Types].xml", bytes: Buffer.from("no XML") },
      { name: "_rels/.rels", bytes: Buffer.from("no XML either") },
      { name: "lib/a.dll", bytes: Buffer.from("a") },
      { name: "lib/A.dll", bytes: Buffer.from("A") },
    ];
    expect(await verify(buildZip(odd), "nupkg")).toEqual({ signatures: [], findings: [] });
  });

  it("are refused for weak digests", async () => {
    const { findings } = await verify(signedPackage({ signer, digest: "sha1" }));
    expect(findings).toMatchObject([{ check: "weak-digest", outcome: "fail" }]);
  });

  it("are asked about when only a part of a document is signed, as Office does it", async () => {
    const parts = PARTS.slice(1).concat({
      name: "docProps/app.xml",
      bytes: Buffer.from("<Properties/>"),
      type: "text/xml",
    });
    const references = PARTS.slice(1)
      .map((part) => referenceOf(part))
      .join("");
    const relationships = relationshipsOf(["R", ORIGIN, "package/services/digital-signature/origin.psdor"]);
    const xml = signatureXml({ signer, references });
    expect(await verify(withSignature(xml, { parts, relationships }), "zip")).toMatchObject({
      signatures: [{ integrity: "unknown" }],
    });
  });
});
