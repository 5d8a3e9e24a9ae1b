/** Turns what was found about one timestamp into the report of it. @module */

import type { DigestName } from "../cms/algorithm.ts";
import { isWeakDigest } from "../cms/algorithm.ts";
import type { Attribute } from "../cms/signer-info.ts";
import type { Certificate } from "../x509/certificate.ts";
import type { Judgement } from "./authority.ts";
import type { Timestamp, TimestampKind } from "./timestamp.ts";

export interface Found {
  readonly raw: Buffer;
  readonly at?: Date;
  readonly authority?: Certificate;
  readonly digests?: readonly DigestName[];
  readonly policy?: string;
  readonly accuracyMilliseconds?: number | undefined;
  readonly uncoveredBytes: number;
  /** Default none. */
  readonly unprovenBytes?: number;
}

export function reportTimestamp(kind: TimestampKind, judgement: Judgement, found: Found): Timestamp {
  const digests = found.digests ?? [];
  return {
    kind,
    raw: found.raw,
    ...judgement,
    at: found.at,
    authority: found.authority,
    digests,
    weakDigest: digests.some(isWeakDigest),
    policy: found.policy,
    accuracyMilliseconds: found.accuracyMilliseconds,
    uncoveredBytes: found.uncoveredBytes,
    unprovenBytes: found.unprovenBytes ?? 0,
  };
}

/** An MD5 can be made to fit two things at once: what rests on it proves nothing. */
export const restsOnMd5 = (digests: readonly DigestName[]): boolean => digests.includes("md5");

export const bytesOf = (values: readonly (Attribute | { readonly raw: Buffer })[]): number =>
  values.reduce((sum, value) => sum + value.raw.length, 0);

/** Issuers' own certificates are accepted by their names alone; together above this they are a container. */
const MAX_UNPROVEN_BYTES = 4096;

/**
 * Bytes of the certificates that are no link of the path: `unproven` by the name of an issuer of one, `unused` all
 * others.
 */
export function spareBytes(certificates: readonly Certificate[], chain: readonly Certificate[]) {
  const spare = certificates.filter(({ raw }) => !chain.some((link) => link.raw.equals(raw)));
  const named = spare.filter(({ subjectKey }) => chain.some((link) => link.issuerKey === subjectKey));
  const [all, unproven] = [bytesOf(spare), bytesOf(named)];
  return unproven > MAX_UNPROVEN_BYTES
    ? { unusedBytes: all, unprovenBytes: 0 }
    : { unusedBytes: all - unproven, unprovenBytes: unproven };
}
