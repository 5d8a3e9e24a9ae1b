/**
 * What a SignerInfo's two algorithm fields mean together. CMS lets a signer name only the kind of key
 * (`rsaEncryption`, and signtool writes `id-ecPublicKey`) and take the digest from `digestAlgorithm`; then the
 * full algorithm is put together here. Sources: RFC 3370 §3.2, RFC 5754 §3, RFC 4056, RFC 8419.
 * @module
 */

import { type DerNode, readDer } from "../asn1/der.ts";
import { readOid } from "../asn1/values.ts";
import { writeNull, writeObjectIdentifier, writeSequence } from "../asn1/write.ts";
import { type Algorithm, type DigestName, digestNamed } from "./algorithm.ts";

export interface SignatureAlgorithm {
  /** A complete AlgorithmIdentifier, as certificates carry them. */
  readonly node: DerNode;
  /** The digest it implies; undefined where the algorithm brings its own, as Ed25519. */
  readonly digest: DigestName | undefined;
}

/** undefined: the algorithm is not known. */
export function signatureAlgorithmOf(
  algorithm: Algorithm,
  digest: DigestName,
): SignatureAlgorithm | undefined {
  if (algorithm.oid === ED25519) return { node: algorithm.node, digest: undefined };
  if (algorithm.oid === RSA_PSS) return { node: algorithm.node, digest: pssDigest(algorithm) };
  const bare = BARE_KEYS.get(algorithm.oid);
  if (bare !== undefined) {
    const full = bare[digest];
    return full === undefined ? undefined : { node: algorithmNode(full, bare === RSA), digest };
  }
  return (
    complete(algorithm, RSA) ??
    complete(algorithm, ECDSA) ??
    // The name that OIW gave to RSA with SHA-1, in old Microsoft signatures.
    (algorithm.oid === "1.3.14.3.2.29"
      ? { node: algorithmNode("1.2.840.113549.1.1.5", true), digest: "sha1" }
      : undefined)
  );
}

const ED25519 = "1.3.101.112";
const RSA_PSS = "1.2.840.113549.1.1.10";

type Family = Readonly<Partial<Record<DigestName, string>>>;

const RSA: Family = {
  md5: "1.2.840.113549.1.1.4",
  sha1: "1.2.840.113549.1.1.5",
  sha224: "1.2.840.113549.1.1.14",
  sha256: "1.2.840.113549.1.1.11",
  sha384: "1.2.840.113549.1.1.12",
  sha512: "1.2.840.113549.1.1.13",
};

const ECDSA: Family = {
  sha1: "1.2.840.10045.4.1",
  sha224: "1.2.840.10045.4.3.1",
  sha256: "1.2.840.10045.4.3.2",
  sha384: "1.2.840.10045.4.3.3",
  sha512: "1.2.840.10045.4.3.4",
};

const BARE_KEYS: ReadonlyMap<string, Family> = new Map([
  ["1.2.840.113549.1.1.1", RSA],
  ["1.2.840.10045.2.1", ECDSA],
]);

function complete(algorithm: Algorithm, family: Family): SignatureAlgorithm | undefined {
  const found = Object.entries(family).find(([, oid]) => oid === algorithm.oid)?.[0];
  return found === undefined ? undefined : { node: algorithm.node, digest: found as DigestName };
}

/** RFC 4055 §2.1: NULL parameters for RSA; RFC 5758 §3.2: none for ECDSA. */
function algorithmNode(oid: string, withNull: boolean): DerNode {
  return readDer(writeSequence(writeObjectIdentifier(oid), ...(withNull ? [writeNull()] : [])));
}

/** RFC 4055 §3.1: `[0] hashAlgorithm DEFAULT sha1`. What is broken here, the verification itself refuses. */
function pssDigest(algorithm: Algorithm): DigestName | undefined {
  const hash = algorithm.parameters?.children.find((field) => field.tag === 0xa0);
  if (hash === undefined) return "sha1";
  const oid = hash.children[0]?.children[0];
  return oid === undefined ? undefined : digestNamed(readOid(oid, "RSASSA-PSS hashAlgorithm"));
}
