/** Builds extensions and signs them as Visual Studio's tool does, decent and lying ones. For tests only. */

import { createHash, sign } from "node:crypto";
import { buildZip, type Part as ZipPart } from "../../formats/zip/zip.fixture.ts";
import type { IssuedCertificate } from "../../replica/certificate-authority.ts";
import { canonicalXml, placeChild, placeRoot } from "../../xml/canonical.ts";
import { elementsOf } from "../../xml/element.ts";
import { readXml } from "../../xml/read-xml.ts";

const DSIG = "http://www.w3.org/2000/09/xmldsig#";
const MORE = "http://www.w3.org/2001/04/xmldsig-more#";
const ENC = "http://www.w3.org/2001/04/xmlenc#";
export const C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
const OPC = "http://schemas.openxmlformats.org/package/2006";
const RELS_TYPE = "application/vnd.openxmlformats-package.relationships+xml";
const FOLDER = "package/services/digital-signature";
const SIGNATURE = `${FOLDER}/xml-signature/demo.psdsxs`;

export type Digest = "sha1" | "sha256" | "sha512";
const DIGESTS: Readonly<Record<Digest, string>> = {
  sha1: `${DSIG}sha1`,
  sha256: `${ENC}sha256`,
  sha512: `${ENC}sha512`,
};

export interface Part {
  readonly name: string;
  readonly bytes: Buffer;
  readonly type: string;
}

const text = (name: string, content: string, type: string): Part => ({
  name,
  bytes: Buffer.from(content),
  type,
});

export const relationshipsOf = (
  ...list: readonly (readonly [id: string, type: string, target: string])[]
): string =>
  `<?xml version="1.0" encoding="utf-8"?>\r\n<Relationships xmlns="${OPC}/relationships">${list
    .map(([id, type, target]) => `<Relationship Type="${type}" Target="${target}" Id="${id}" />`)
    .join("\r\n")}</Relationships>`;

export const ORIGIN = `${OPC}/relationships/digital-signature/origin`;
export const ROOT_RELATIONSHIPS = relationshipsOf(
  ["R2", ORIGIN, `/${FOLDER}/origin.psdor`],
  ["R1", "http://example.com/demo", "/extension.vsixmanifest"],
);

export const PARTS: readonly Part[] = [
  text(
    "extension.vsixmanifest",
    '<PackageManifest><Metadata><Identity Id="demo"/></Metadata></PackageManifest>',
    "text/xml",
  ),
  text("My%20Extension.dll", "no library, harmless text\n".repeat(40), "application/octet-stream"),
];

const TYPES = [
  ["rels", RELS_TYPE],
  ["vsixmanifest", "text/xml"],
  ["dll", "application/octet-stream"],
  ["psdor", "application/vnd.openxmlformats-package.digital-signature-origin"],
  ["psdsxs", "application/vnd.openxmlformats-package.digital-signature-xmlsignature+xml"],
] as const;

export const contentTypesOf = (more = ""): string =>
  `<?xml version="1.0"?><Types xmlns="${OPC}/content-types">${TYPES.map(
    ([extension, type]) => `<Default Extension="${extension}" ContentType="${type}"/>`,
  ).join("")}${more}</Types>`;

const digestOf = (digest: Digest, bytes: Uint8Array | string) =>
  createHash(digest).update(bytes).digest("base64");

/** One reference in the signed list. */
export const referenceOf = (
  part: Part,
  {
    digest = "sha256",
    transforms = "",
    transformed = part.bytes,
  }: { digest?: Digest; transforms?: string; transformed?: Uint8Array } = {},
): string =>
  `<Reference URI="/${part.name}?ContentType=${part.type}">${transforms === "" ? "" : `<Transforms>${transforms}</Transforms>`}<DigestMethod Algorithm="${DIGESTS[digest]}"/><DigestValue>${digestOf(digest, transformed)}</DigestValue></Reference>`;

/** The reference to the package's relationships that are not about signatures. */
export function rootReference(digest: Digest = "sha256"): string {
  const transforms = `<Transform Algorithm="${OPC}/RelationshipTransform"><opc:RelationshipsGroupReference xmlns:opc="${OPC}/digital-signature" SourceType="http://example.com/demo"/></Transform><Transform Algorithm="${C14N}"/>`;
  const transformed = `<Relationships xmlns="${OPC}/relationships"><Relationship Id="R1" Target="/extension.vsixmanifest" TargetMode="Internal" Type="http://example.com/demo"></Relationship></Relationships>`;
  const part = { name: "_rels/.rels", bytes: Buffer.from(ROOT_RELATIONSHIPS), type: RELS_TYPE };
  return referenceOf(part, { digest, transforms, transformed: Buffer.from(transformed) });
}

export interface Signing {
  readonly signer: IssuedCertificate;
  readonly digest?: Digest;
  /** The list in the signed object; that of the parts when it is left out. */
  readonly references?: string;
  /** More in the signed object. */
  readonly inside?: string;
  /** More behind what is signed, from the signature value. */
  readonly behind?: (value: Buffer) => string;
  readonly keyInfo?: string;
  readonly change?: (xml: string) => string;
}

/** The signature part. */
export function signatureXml(signing: Signing): string {
  const { signer, digest = "sha256", inside = "", behind, change = (xml) => xml } = signing;
  const references =
    signing.references ??
    [...PARTS.map((part) => referenceOf(part, { digest })), rootReference(digest)].join("");
  const object = `<Object Id="idPackageObject"><Manifest>${references}</Manifest>${inside}</Object>`;
  const isRsa = signer.key.privateKey.asymmetricKeyType === "rsa";
  const write = (objectDigest: string, value: string, end: string) =>
    `<?xml version="1.0" encoding="utf-8"?><Signature xmlns="${DSIG}" Id="idSignature"><SignedInfo><CanonicalizationMethod Algorithm="${C14N}"/><SignatureMethod Algorithm="${digest === "sha1" ? DSIG : MORE}${isRsa ? "rsa" : "ecdsa"}-${digest}"/><Reference URI="#idPackageObject" Type="${DSIG}Object"><DigestMethod Algorithm="${DIGESTS[digest]}"/><DigestValue>${objectDigest}</DigestValue></Reference></SignedInfo><SignatureValue>${value}</SignatureValue><KeyInfo>${signing.keyInfo ?? `<X509Data><X509Certificate>${Buffer.from(signer.certificate).toString("base64")}</X509Certificate></X509Data>`}</KeyInfo>${object}${end}</Signature>`;
  const objectDigest = digestOf(digest, canonicalOf(write("", "", ""), "Object"));
  const data = canonicalOf(write(objectDigest, "", ""), "SignedInfo");
  const value = sign(digest, data, { key: signer.key.privateKey, dsaEncoding: "ieee-p1363" });
  return change(write(objectDigest, value.toString("base64"), behind?.(value) ?? ""));
}

function canonicalOf(xml: string, name: string): Buffer {
  const root = readXml(Buffer.from(xml));
  const [element] = elementsOf(root, name);
  if (element === undefined) throw new Error(`there is no ${name}`);
  return canonicalXml(placeChild(placeRoot(root), element));
}

export interface PackageRequest {
  readonly parts?: readonly Part[];
  readonly types?: string;
  readonly relationships?: string;
  readonly originRelationships?: string;
  readonly more?: readonly ZipPart[];
}

/** @returns the package with a signature part, which may be of another */
export function withSignature(xml: string, request: PackageRequest = {}): Buffer {
  const { parts = PARTS, more = [] } = request;
  const origin = relationshipsOf(["S", `${OPC}/relationships/digital-signature/signature`, `/${SIGNATURE}`]);
  return buildZip([
    { name: "[Content_Types].xml", bytes: Buffer.from(request.types ?? contentTypesOf()) },
    { name: "_rels/.rels", bytes: Buffer.from(request.relationships ?? ROOT_RELATIONSHIPS) },
    ...parts.map(({ name, bytes }) => ({ name, bytes })),
    { name: `${FOLDER}/origin.psdor`, bytes: Buffer.alloc(0), method: 0 },
    {
      name: `${FOLDER}/_rels/origin.psdor.rels`,
      bytes: Buffer.from(request.originRelationships ?? origin),
    },
    { name: SIGNATURE, bytes: Buffer.from(xml) },
    ...more,
  ]);
}

export const signedPackage = (signing: Signing, request: PackageRequest = {}): Buffer =>
  withSignature(signatureXml(signing), request);
