/**
 * The signature around a list: PKCS#7 with the list as its content, signed by a certificate that comes along. It counts only when
 * a key that somebody here trusts made it, or vouches for who made it.
 * Sources: RFC 2315 9 (signed data), RFC 5652 5.4 (signed attributes).
 * @module
 */

import { createHash, createPublicKey, type KeyObject, verify, X509Certificate } from "node:crypto";
import { FeedError } from "../../feed-error.ts";
import { DerReader, type Node, TAG } from "./der.ts";

const SIGNED_DATA = "1.2.840.113549.1.7.2";
const LIST = "1.3.6.1.4.1.311.10.1";
const CONTENT_TYPE = "1.2.840.113549.1.9.3";
const MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
/** Of the digests that may still be relied on. */
const DIGESTS = new Map([
  ["2.16.840.1.101.3.4.2.1", "sha256"],
  ["2.16.840.1.101.3.4.2.2", "sha384"],
  ["2.16.840.1.101.3.4.2.3", "sha512"],
]);
const MAX_CERTIFICATES = 32;

/**
 * @param trustedKeys - PEM of keys or certificates: the signer's own, or of an authority above it
 * @returns the list, and who signed it
 * @throws FeedError `feed.signature` when nobody who is trusted signed it, or it was changed
 */
export function openSignedList(
  bytes: Buffer,
  trustedKeys: readonly string[],
  place: string,
): { readonly list: Node; readonly signer: string } {
  const der = new DerReader(place);
  const [type, wrapped] = der.children(der.expect(der.only(bytes), TAG.sequence, "signed data"));
  if (der.oid(type) !== SIGNED_DATA) throw der.wrong("is no signed list");
  const [signedData] = der.children(der.expect(wrapped, TAG.first, "signed data"));
  const [, , contentInfo, ...rest] = der.children(der.expect(signedData, TAG.sequence, "signed data"));
  const [contentType, content] = der.children(der.expect(contentInfo, TAG.sequence, "content"));
  if (der.oid(contentType) !== LIST) throw der.wrong("holds no list of authorities");
  const [list] = der.children(der.expect(content, TAG.first, "list"));
  const certificates = certificatesIn(
    rest.find(({ tag }) => tag === TAG.first),
    der,
  );
  const signers = der.children(der.expect(rest.at(-1), TAG.set, "signer"));
  const [signerInfo] = signers;
  if (list === undefined || signerInfo === undefined || signers.length !== 1)
    throw der.wrong("has not exactly one signer");
  const signer = signerOf(signerInfo, list, certificates, der);
  if (signer === undefined)
    throw new FeedError("feed.signature", `${place}: its signature does not match, or it was changed`);
  requireTrust(signer, certificates, trustedKeys, place);
  return { list, signer: signer.subject.replaceAll("\n", ", ") };
}

function certificatesIn(node: Node | undefined, der: DerReader): readonly X509Certificate[] {
  const found = node === undefined ? [] : der.children(node);
  if (found.length > MAX_CERTIFICATES) throw der.wrong("brings too many certificates along");
  return found.map(({ whole }) => {
    try {
      return new X509Certificate(whole);
    } catch {
      throw der.wrong("brings a certificate along that cannot be read");
    }
  });
}

/** @returns the certificate whose key made the signature over this list */
function signerOf(
  info: Node,
  list: Node,
  certificates: readonly X509Certificate[],
  der: DerReader,
): X509Certificate | undefined {
  const [, , digestAlgorithm, ...rest] = der.children(der.expect(info, TAG.sequence, "signer"));
  const [digestId] = der.children(der.expect(digestAlgorithm, TAG.sequence, "digest"));
  const digest = DIGESTS.get(der.oid(digestId));
  if (digest === undefined)
    throw der.wrong("is signed over a digest that can be forged, or that is not known");
  const attributes = rest[0]?.tag === TAG.first ? rest[0] : undefined;
  const [, value] = attributes === undefined ? rest : rest.slice(1);
  const signature = der.expect(value, TAG.octets, "signature").content;
  const message = attributes === undefined ? list.content : signedAttributes(attributes, list, digest, der);
  if (message === undefined) return undefined;
  return certificates.find(({ publicKey }) => {
    try {
      return verify(digest, message, publicKey, signature);
    } catch {
      return false;
    }
  });
}

/** @returns what was signed: the attributes as a SET, when they are about this very list; RFC 5652 5.4 */
function signedAttributes(attributes: Node, list: Node, digest: string, der: DerReader): Buffer | undefined {
  const values = new Map<string, Node>();
  for (const attribute of der.children(attributes)) {
    const [type, set] = der.children(der.expect(attribute, TAG.sequence, "attribute"));
    const [value] = der.children(der.expect(set, TAG.set, "attribute"));
    const id = der.oid(type);
    if (value === undefined || values.has(id)) throw der.wrong("has an attribute without one value");
    values.set(id, value);
  }
  if (der.oid(values.get(CONTENT_TYPE)) !== LIST) return undefined;
  const stated = der.expect(values.get(MESSAGE_DIGEST), TAG.octets, "digest").content;
  // Of the content's own bytes, without tag and length: RFC 2315 9.3.
  if (!createHash(digest).update(list.content).digest().equals(stated)) return undefined;
  const message = Buffer.from(attributes.whole);
  message[0] = TAG.set;
  return message;
}

/** From the signer up through what came along, until a key is one of the trusted. Dates are not asked: the list has its own. */
function requireTrust(
  signer: X509Certificate,
  certificates: readonly X509Certificate[],
  trustedKeys: readonly string[],
  place: string,
): void {
  const trusted = trustedKeys.map(readKey).filter((key) => key !== undefined);
  const seen = new Set<X509Certificate>();
  for (let at: X509Certificate | undefined = signer; at !== undefined && !seen.has(at); ) {
    seen.add(at);
    const certificate: X509Certificate = at;
    if (trusted.some((key) => key.equals(certificate.publicKey) || certificate.verify(key))) return;
    at = certificates.find(
      (above) =>
        above !== certificate &&
        above.ca &&
        certificate.checkIssued(above) &&
        certificate.verify(above.publicKey),
    );
  }
  const name = signer.subject.replaceAll("\n", ", ");
  throw new FeedError(
    "feed.signature",
    `${place}: is signed by ${name}, and no key that is trusted here vouches for that; enter one with intel add key`,
  );
}

/** A key of another kind, as OpenPGP's, vouches for nothing here. */
function readKey(pem: string): KeyObject | undefined {
  try {
    return createPublicKey(pem);
  } catch {
    return undefined;
  }
}
