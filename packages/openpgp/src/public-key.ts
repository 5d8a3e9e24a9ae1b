/** Public keys and subkeys of versions 4 and 6. Sources: RFC 9580 §5.5.2, §5.5.4, §5.5.5. @module */

import { createHash } from "node:crypto";
import { ArtifactError } from "@sallyport/core";
import { Octets } from "./octets.ts";

export interface PublicKey {
  readonly version: 4 | 6;
  readonly createdAt: Date;
  /** As RFC 9580 §9.1 numbers it. */
  readonly algorithm: number;
  /** The fields of the algorithm, not yet read. */
  readonly material: Buffer;
  /** Lower-case hex. */
  readonly fingerprint: string;
  /** Lower-case hex: the end (version 4) or the beginning (version 6) of the fingerprint. */
  readonly keyId: string;
  /** What signatures over the key are computed from: prefix, length, body (§5.2.4). */
  readonly hashed: Buffer;
}

/**
 * Reads the body of a key packet; undefined for versions nobody should use any more (2, 3: MD5 fingerprints) or that
 * are not standardised (5).
 * @throws {@link ArtifactError} `artifact.truncated`, `artifact.malformed`
 */
export function readPublicKey(body: Buffer): PublicKey | undefined {
  const fields = new Octets(body, "a key");
  const version = fields.number(1);
  if (version !== 4 && version !== 6) return undefined;
  const createdAt = new Date(fields.number(4) * 1000);
  const algorithm = fields.number(1);
  if (version === 6 && fields.number(4) !== fields.left)
    throw new ArtifactError("artifact.malformed", "OpenPGP: a key's material does not have its length");
  const hashed = Buffer.concat([prefixOf(version, body.length), body]);
  const fingerprint = createHash(version === 4 ? "sha1" : "sha256")
    .update(hashed)
    .digest("hex");
  const keyId = version === 4 ? fingerprint.slice(-16) : fingerprint.slice(0, 16);
  return { version, createdAt, algorithm, material: fields.rest(), fingerprint, keyId, hashed };
}

/** §5.2.4 */
function prefixOf(version: 4 | 6, length: number): Buffer {
  const prefix = Buffer.alloc(version === 4 ? 3 : 5);
  prefix.writeUInt8(version === 4 ? 0x99 : 0x9b);
  if (version === 6) prefix.writeUInt32BE(length, 1);
  else if (length <= 0xffff) prefix.writeUInt16BE(length, 1);
  else throw new ArtifactError("artifact.malformed", "OpenPGP: a key is too long for its version");
  return prefix;
}
