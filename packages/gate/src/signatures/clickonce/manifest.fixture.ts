/** Signs manifests as mage does, decently and not. For tests only. */

import { createHash, sign } from "node:crypto";
import { MANIFEST } from "../../formats/assembly-manifest/sample.fixture.ts";
import type { IssuedCertificate } from "../../replica/certificate-authority.ts";
import { exclusiveXml, placeChild, placeRoot } from "../../xml/canonical.ts";
import { elementsOf } from "../../xml/element.ts";
import { readXml } from "../../xml/read-xml.ts";

const DSIG = "http://www.w3.org/2000/09/xmldsig#";
const EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#";
export type Digest = "sha1" | "sha256";

export interface ManifestSigning {
  readonly signer: IssuedCertificate;
  readonly manifest?: string;
  readonly digest?: Digest;
  /** Without: only the outer signature, with the certificate in it. */
  readonly withoutLicense?: boolean;
  readonly licenseHash?: string;
  readonly licenseSigner?: IssuedCertificate;
  /** More in the license's signature, from its value. */
  readonly behind?: (value: Buffer) => string;
  readonly change?: (xml: string) => string;
  /** The algorithms' names as the standard has them; Microsoft's tools write others. */
  readonly names?: "standard";
}

const digestOf = (digest: Digest, bytes: Uint8Array) => createHash(digest).update(bytes).digest();

/** `<Signature>` over canonical bytes. */
function signatureOf(
  canonical: Buffer,
  { signer, digest, names }: Pick<ManifestSigning, "signer" | "names"> & { digest: Digest },
  parts: { id: string; keyInfo: string; behind?: ((value: Buffer) => string) | undefined },
): string {
  const more = names === "standard" ? "http://www.w3.org/2001/04/xmldsig-more#" : DSIG;
  const plain = names === "standard" ? "http://www.w3.org/2001/04/xmlenc#" : DSIG;
  const info = `<SignedInfo><CanonicalizationMethod Algorithm="${EXCLUSIVE}"/><SignatureMethod Algorithm="${more}rsa-${digest}"/><Reference URI=""><Transforms><Transform Algorithm="${DSIG}enveloped-signature"/><Transform Algorithm="${EXCLUSIVE}"/></Transforms><DigestMethod Algorithm="${plain}${digest}"/><DigestValue>${digestOf(digest, canonical).toString("base64")}</DigestValue></Reference></SignedInfo>`;
  const write = (value: string, end: string) =>
    `<Signature Id="${parts.id}" xmlns="${DSIG}">${info}<SignatureValue>${value}</SignatureValue><KeyInfo>${keyOf(signer)}${parts.keyInfo}</KeyInfo>${end}</Signature>`;
  const root = readXml(Buffer.from(write("", "")));
  const [element] = elementsOf(root, "SignedInfo");
  if (element === undefined) throw new Error("there is no SignedInfo");
  const value = sign(digest, exclusiveXml(placeChild(placeRoot(root), element)), signer.key.privateKey);
  return write(value.toString("base64"), parts.behind?.(value) ?? "");
}

function keyOf(signer: IssuedCertificate): string {
  const { n = "", e = "" } = signer.key.publicKey.export({ format: "jwk" });
  const base64 = (text: string) => Buffer.from(text, "base64url").toString("base64");
  return `<KeyValue><RSAKeyValue><Modulus>${base64(n)}</Modulus><Exponent>${base64(e)}</Exponent></RSAKeyValue></KeyValue>`;
}

const certificateOf = (signer: IssuedCertificate): string =>
  `<X509Data><X509Certificate>${Buffer.from(signer.certificate).toString("base64")}</X509Certificate></X509Data>`;

/** @returns the manifest with its signature as the last element */
export function signedManifest(signing: ManifestSigning): Buffer {
  const { signer, manifest = MANIFEST, digest = "sha256", change = (xml) => xml } = signing;
  const canonical = exclusiveXml(placeRoot(readXml(Buffer.from(manifest))));
  const reversed = Buffer.from(digestOf(digest, canonical)).reverse().toString("hex");
  const by = signing.licenseSigner ?? signer;
  const license = (end: string) =>
    `<r:license xmlns:r="urn:mpeg:mpeg21:2003:01-REL-R-NS" xmlns:as="http://schemas.microsoft.com/windows/pki/2005/Authenticode"><r:grant><as:ManifestInformation Hash="${signing.licenseHash ?? reversed}" Description="" Url=""/><as:SignedBy/></r:grant><r:issuer>${end}</r:issuer></r:license>`;
  const inner = signatureOf(
    exclusiveXml(placeRoot(readXml(Buffer.from(license(""))))),
    { signer: by, digest },
    { id: "AuthenticodeSignature", keyInfo: certificateOf(by), behind: signing.behind },
  );
  const keyInfo =
    signing.withoutLicense === true
      ? certificateOf(signer)
      : `<msrel:RelData xmlns:msrel="http://schemas.microsoft.com/windows/rel/2005/reldata">${license(inner)}</msrel:RelData>`;
  const names = signing.names === undefined ? {} : { names: signing.names };
  const outer = signatureOf(canonical, { signer, digest, ...names }, { id: "StrongNameSignature", keyInfo });
  return Buffer.from(change(manifest.replace(/<\/asmv1:assembly>$/, `${outer}</asmv1:assembly>`)));
}
