/**
 * Where a cabinet says its Authenticode signature is: 20 bytes of reserve in the header, of which eight point behind
 * the cabinet's end. Source: Microsoft, Authenticode for cabinets, is not public; the layout is what signtool and
 * osslsigncode write, and the sizes are [MS-CAB] §2.1.
 * @module
 */

import type { CabinetHeader } from "./header.ts";

/** Bytes of reserve that a signer adds. */
export const SIGNATURE_RESERVE_BYTES = 20;
/** The first four bytes of that reserve. */
export const SIGNATURE_RESERVE_MARK = 0x00100000;

export interface SignaturePlace {
  readonly offset: number;
  readonly sizeBytes: number;
}

/** @returns undefined when the header has no such reserve, or one that points nowhere */
export function signaturePlace({ reserve }: CabinetHeader): SignaturePlace | undefined {
  if (reserve?.header.length !== SIGNATURE_RESERVE_BYTES) return undefined;
  const place = { offset: reserve.header.readUInt32LE(4), sizeBytes: reserve.header.readUInt32LE(8) };
  return place.offset === 0 && place.sizeBytes === 0 ? undefined : place;
}
