/**
 * What stands beside signatures in the artifact that carries them. Nothing signs it, and no program reads it, so that
 * it must be no more than signatures need. Sources: RFC 9580 §4.2, §5.14, §6.2.
 * @module
 */

import { canVerify } from "./algorithm.ts";
import { isArmoured } from "./armour.ts";
import type { Signature } from "./signature.ts";

/** RSA of 16384 bits, and everything a signature usually says beside it. */
const LONGEST_SIGNATURE_BYTES = 8192;
const LONGEST_PACKET_HEADER_BYTES = 6;
/** Base64 in lines of 64 characters, or of fewer with two octets at each end. */
const ARMOURED_BYTES_PER_BYTE = 1.5;
/** The lines at both ends, a checksum, a version and a comment. */
const ARMOUR_BYTES = 1024;

/**
 * @param carrier - all bytes that hold the signatures
 * @returns what is wrong with their room, to follow "it"; undefined when all is well
 */
export function findRoom(carrier: Buffer, signatures: readonly Signature[]): string | undefined {
  // Of kinds that are not known here nobody can say how long they must be.
  const long = signatures.find(
    ({ raw, keyAlgorithm }) => canVerify(keyAlgorithm) && raw.length > LONGEST_SIGNATURE_BYTES,
  );
  if (long !== undefined) return `holds a signature of ${long.raw.length} bytes, far more than it needs`;
  const needed = signatures.reduce((sum, { raw }) => sum + raw.length + LONGEST_PACKET_HEADER_BYTES, 0);
  const most = isArmoured(carrier) ? needed * ARMOURED_BYTES_PER_BYTE + ARMOUR_BYTES : needed;
  return carrier.length > most
    ? `holds ${carrier.length} bytes for signatures that need ${needed}`
    : undefined;
}
