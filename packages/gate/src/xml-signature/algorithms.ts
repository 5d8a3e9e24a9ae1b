/**
 * What the identifiers in an XML signature stand for. Sources: W3C, XML Signature §6; RFC 6931.
 * @module
 */

import { ArtifactError } from "@sallyport/core";
import { readDer } from "../asn1/der.ts";
import { writeInteger, writeNull, writeObjectIdentifier, writeSequence } from "../asn1/write.ts";
import type { DigestName } from "../cms/algorithm.ts";
import { verifySignature } from "../x509/signature-algorithm.ts";

const DSIG = "http://www.w3.org/2000/09/xmldsig#";
const MORE = "http://www.w3.org/2001/04/xmldsig-more#";
const ENC = "http://www.w3.org/2001/04/xmlenc#";

const DIGESTS: ReadonlyMap<string, DigestName> = new Map([
  [`${MORE}md5`, "md5"],
  [`${DSIG}sha1`, "sha1"],
  [`${MORE}sha224`, "sha224"],
  [`${ENC}sha256`, "sha256"],
  // Microsoft's tools write these for manifests; no document has them.
  [`${DSIG}sha256`, "sha256"],
  [`${DSIG}sha384`, "sha384"],
  [`${DSIG}sha512`, "sha512"],
  [`${MORE}sha384`, "sha384"],
  [`${ENC}sha512`, "sha512"],
]);

interface Method {
  readonly digest: DigestName;
  readonly oid: string;
  /** The value is two numbers side by side, not DER (RFC 6931 §2.3.6). */
  readonly isPair?: true;
}

const METHODS: ReadonlyMap<string, Method> = new Map([
  [`${MORE}rsa-md5`, { digest: "md5", oid: "1.2.840.113549.1.1.4" }],
  [`${DSIG}rsa-sha1`, { digest: "sha1", oid: "1.2.840.113549.1.1.5" }],
  [`${MORE}rsa-sha256`, { digest: "sha256", oid: "1.2.840.113549.1.1.11" }],
  [`${DSIG}rsa-sha256`, { digest: "sha256", oid: "1.2.840.113549.1.1.11" }],
  [`${DSIG}rsa-sha384`, { digest: "sha384", oid: "1.2.840.113549.1.1.12" }],
  [`${DSIG}rsa-sha512`, { digest: "sha512", oid: "1.2.840.113549.1.1.13" }],
  [`${MORE}rsa-sha384`, { digest: "sha384", oid: "1.2.840.113549.1.1.12" }],
  [`${MORE}rsa-sha512`, { digest: "sha512", oid: "1.2.840.113549.1.1.13" }],
  [`${MORE}ecdsa-sha1`, { digest: "sha1", oid: "1.2.840.10045.4.1", isPair: true }],
  [`${MORE}ecdsa-sha256`, { digest: "sha256", oid: "1.2.840.10045.4.3.2", isPair: true }],
  [`${MORE}ecdsa-sha384`, { digest: "sha384", oid: "1.2.840.10045.4.3.3", isPair: true }],
  [`${MORE}ecdsa-sha512`, { digest: "sha512", oid: "1.2.840.10045.4.3.4", isPair: true }],
]);

/** @throws {@link ArtifactError} `artifact.unsupported` */
export function digestOf(identifier: string): DigestName {
  const name = DIGESTS.get(identifier);
  if (name === undefined) throw unsupported("digest", identifier);
  return name;
}

/** @throws {@link ArtifactError} `artifact.unsupported` */
export const methodDigest = (identifier: string): DigestName => methodOf(identifier).digest;

function methodOf(identifier: string): Method {
  const method = METHODS.get(identifier);
  if (method === undefined) throw unsupported("signature algorithm", identifier);
  return method;
}

/** @throws {@link ArtifactError} `artifact.unsupported`, `artifact.malformed` for a key that cannot be used */
export function verifyValue(
  method: string,
  signed: { readonly data: Buffer; readonly value: Buffer; readonly publicKeyInfo: Buffer },
): boolean {
  const { oid, isPair } = methodOf(method);
  const identifier = writeObjectIdentifier(oid);
  const algorithm = isPair ? writeSequence(identifier) : writeSequence(identifier, writeNull());
  const signature = isPair ? asDer(signed.value) : signed.value;
  const { data, publicKeyInfo } = signed;
  return verifySignature({ publicKeyInfo, algorithm: readDer(algorithm), data, signature });
}

function asDer(pair: Buffer): Buffer {
  if (pair.length === 0 || pair.length % 2 !== 0 || pair.length > 200) return Buffer.alloc(0);
  const half = pair.length / 2;
  const number = (bytes: Buffer) => writeInteger(BigInt(`0x${bytes.toString("hex")}`));
  return writeSequence(number(pair.subarray(0, half)), number(pair.subarray(half)));
}

const unsupported = (what: string, identifier: string): ArtifactError =>
  new ArtifactError(
    "artifact.unsupported",
    `XML signature: the ${what} ${identifier.slice(0, 100)} is not known here`,
  );
