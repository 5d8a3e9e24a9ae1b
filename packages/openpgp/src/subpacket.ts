/** What a signature says beside what it signs. Source: RFC 9580 §5.2.3.7. @module */

import { ArtifactError } from "@sallyport/core";
import { Octets } from "./octets.ts";

export const SUBPACKET = {
  createdAt: 2,
  expiresAfter: 3,
  keyExpiresAfter: 9,
  issuerKeyId: 16,
  primaryUserId: 25,
  keyFlags: 27,
  revocationReason: 29,
  embeddedSignature: 32,
  issuerFingerprint: 33,
} as const;

export interface Subpacket {
  readonly type: number;
  /** A reader that does not know it must not use the signature. */
  readonly isCritical: boolean;
  readonly body: Buffer;
}

const MAX_SUBPACKETS = 1000;

/** @throws {@link ArtifactError} `artifact.malformed`, `artifact.truncated` */
export function readSubpackets(area: Buffer): Subpacket[] {
  const fields = new Octets(area, "a signature's list of subpackets");
  const list: Subpacket[] = [];
  while (fields.left > 0) {
    const body = fields.take(readLength(fields));
    const [type] = body;
    if (type === undefined || list.length >= MAX_SUBPACKETS)
      throw new ArtifactError("artifact.malformed", "OpenPGP: an empty subpacket, or too many of them");
    list.push({ type: type & 0x7f, isCritical: (type & 0x80) !== 0, body: body.subarray(1) });
  }
  return list;
}

function readLength(fields: Octets): number {
  const first = fields.number(1);
  if (first < 192) return first;
  return first < 255 ? ((first - 192) << 8) + fields.number(1) + 192 : fields.number(4);
}

/**
 * Those a verifier may rely on without doing more than is done here: preferences, hints, and what is judged. Not
 * among them: notations, trust levels, regular expressions, designated revokers.
 */
const UNDERSTOOD: ReadonlySet<number> = new Set([
  2, 3, 4, 7, 9, 11, 16, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 32, 33, 34, 35, 39,
]);

/** The first critical subpacket that is not understood here (§5.2.3.7). */
export const findNotUnderstood = (list: readonly Subpacket[]): number | undefined =>
  list.find(({ type, isCritical }) => isCritical && !UNDERSTOOD.has(type))?.type;
