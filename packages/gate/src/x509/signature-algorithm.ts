/**
 * Verifies one signature value under an AlgorithmIdentifier, with `node:crypto`. One table row per algorithm.
 * Sources: RFC 4055 (RSA, RSASSA-PSS), RFC 5758 (ECDSA), RFC 8410 (Ed25519), RFC 8017.
 * @module
 */

import { constants, verify } from "node:crypto";
import { ArtifactError } from "@sallyport/core";
import { contextConstructed, type DerNode, TAG } from "../asn1/der.ts";
import { childOf, expectTag, readOid, readSmallInteger } from "../asn1/values.ts";
import { type KeyKind, readPublicKey } from "./public-key.ts";

export interface SignatureRequest {
  /** DER of the SubjectPublicKeyInfo. */
  readonly publicKeyInfo: Buffer;
  /** A complete AlgorithmIdentifier, parameters included. */
  readonly algorithm: DerNode;
  /** What was signed; it is hashed here. */
  readonly data: Uint8Array;
  readonly signature: Uint8Array;
}

export type SignatureDigest = "md5" | "sha1" | "sha224" | "sha256" | "sha384" | "sha512";

export interface SignatureAlgorithm {
  readonly kinds: readonly KeyKind[];
  /** Undefined where the algorithm brings its own. */
  readonly digest: SignatureDigest | undefined;
  /** RSASSA-PSS only. */
  readonly saltBytes?: number;
}

/**
 * True when the signature value is right. A weak digest is still verified: what it is worth is for the caller.
 * @throws {@link ArtifactError} `artifact.unsupported` for an algorithm, curve or key not known here;
 * `artifact.malformed` for a broken key or parameters, explicit curve parameters included
 */
export function verifySignature(request: SignatureRequest): boolean {
  const algorithm = readSignatureAlgorithm(request.algorithm);
  const { key, kind } = readPublicKey(request.publicKeyInfo);
  if (!algorithm.kinds.includes(kind)) return false;
  const { digest = null, saltBytes } = algorithm;
  try {
    return saltBytes === undefined
      ? verify(digest, request.data, key, request.signature)
      : verify(
          digest,
          request.data,
          { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: saltBytes },
          request.signature,
        );
  } catch {
    // OpenSSL throws where a value cannot be a signature of this key at all, such as salt longer than the key.
    return false;
  }
}

/** @throws {@link ArtifactError} `artifact.unsupported`, `artifact.malformed` */
export function readSignatureAlgorithm(node: DerNode): SignatureAlgorithm {
  expectTag(node, TAG.sequence, "AlgorithmIdentifier");
  if (node.children.length > 2) throw malformed("a signature algorithm with extra fields");
  const oid = readOid(childOf(node, 0, "signature algorithm"), "signature algorithm");
  const parameters = node.children[1];
  if (oid === "1.2.840.113549.1.1.10") return readPssParameters(parameters);
  const row = ALGORITHMS.get(oid);
  if (row === undefined) throw unsupported(`signature algorithm ${oid} is not known here`);
  const { parameters: allowed, ...algorithm } = row;
  if (
    parameters !== undefined &&
    (allowed === "absent" || parameters.tag !== TAG.null || parameters.content.length > 0)
  )
    throw malformed(`signature algorithm ${oid} has parameters it must not have`);
  return algorithm;
}

interface Row extends SignatureAlgorithm {
  /** RFC 4055 §5 wants NULL for RSA and says that absent must be accepted too. */
  readonly parameters: "absent" | "null-or-absent";
}

const rsa = (digest: SignatureDigest): Row => ({ kinds: ["rsa"], digest, parameters: "null-or-absent" });
const ecdsa = (digest: SignatureDigest): Row => ({ kinds: ["ec"], digest, parameters: "absent" });

const ALGORITHMS: ReadonlyMap<string, Row> = new Map([
  ["1.2.840.113549.1.1.4", rsa("md5")],
  ["1.2.840.113549.1.1.5", rsa("sha1")],
  // OIW's name for the same, in certificates of the 1990s.
  ["1.3.14.3.2.29", rsa("sha1")],
  ["1.2.840.113549.1.1.14", rsa("sha224")],
  ["1.2.840.113549.1.1.11", rsa("sha256")],
  ["1.2.840.113549.1.1.12", rsa("sha384")],
  ["1.2.840.113549.1.1.13", rsa("sha512")],
  ["1.2.840.10045.4.1", ecdsa("sha1")],
  ["1.2.840.10045.4.3.1", ecdsa("sha224")],
  ["1.2.840.10045.4.3.2", ecdsa("sha256")],
  ["1.2.840.10045.4.3.3", ecdsa("sha384")],
  ["1.2.840.10045.4.3.4", ecdsa("sha512")],
  ["1.3.101.112", { kinds: ["ed25519"], digest: undefined, parameters: "absent" }],
]);

const DIGESTS: ReadonlyMap<string, SignatureDigest> = new Map([
  ["1.3.14.3.2.26", "sha1"],
  ["2.16.840.1.101.3.4.2.4", "sha224"],
  ["2.16.840.1.101.3.4.2.1", "sha256"],
  ["2.16.840.1.101.3.4.2.2", "sha384"],
  ["2.16.840.1.101.3.4.2.3", "sha512"],
]);

/** RFC 4055 §3.1: every field is optional and defaults to SHA-1, MGF1 with SHA-1, 20, 1. */
function readPssParameters(parameters: DerNode | undefined): SignatureAlgorithm {
  const fields = new Map<number, DerNode>();
  for (const field of parameters === undefined ? [] : expectTag(parameters, TAG.sequence, "PSS").children) {
    if (field.children.length !== 1 || fields.has(field.tag)) throw malformed("broken RSASSA-PSS parameters");
    fields.set(field.tag, childOf(field, 0, "RSASSA-PSS parameter"));
  }
  const take = (number: number) => {
    const value = fields.get(contextConstructed(number));
    fields.delete(contextConstructed(number));
    return value;
  };
  const hash = take(0);
  const digest = hash === undefined ? "sha1" : readDigest(hash);
  const mask = take(1);
  if ((mask === undefined ? "sha1" : readMask(mask)) !== digest)
    throw unsupported("RSASSA-PSS with two different digests is not known here");
  const salt = take(2);
  const trailer = take(3);
  if (trailer !== undefined && readSmallInteger(trailer, "trailerField") !== 1)
    throw malformed("an RSASSA-PSS trailer");
  if (fields.size > 0) throw malformed("unknown RSASSA-PSS parameters");
  const saltBytes = salt === undefined ? 20 : readSmallInteger(salt, "saltLength");
  if (saltBytes > 512) throw malformed("an RSASSA-PSS salt of a wild length");
  return { kinds: ["rsa", "rsa-pss"], digest, saltBytes };
}

function readDigest(node: DerNode): SignatureDigest {
  const oid = readOid(childOf(expectTag(node, TAG.sequence, "digest"), 0, "digest"), "digest");
  const digest = DIGESTS.get(oid);
  if (digest === undefined) throw unsupported(`digest ${oid} is not known here`);
  return digest;
}

function readMask(node: DerNode): SignatureDigest {
  const oid = readOid(childOf(expectTag(node, TAG.sequence, "maskGen"), 0, "maskGen"), "maskGen");
  if (oid !== "1.2.840.113549.1.1.8") throw unsupported(`mask generation ${oid} is not known here`);
  return readDigest(childOf(node, 1, "maskGen digest"));
}

const malformed = (message: string): ArtifactError =>
  new ArtifactError("artifact.malformed", `X.509: ${message}`);
const unsupported = (message: string): ArtifactError =>
  new ArtifactError("artifact.unsupported", `X.509: ${message}`);
