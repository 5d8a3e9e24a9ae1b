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
  };
}

/** An MD5 can be made to fit two things at once: what rests on it proves nothing. */
export const restsOnMd5 = (digests: readonly DigestName[]): boolean => digests.includes("md5");

export const bytesOf = (values: readonly (Attribute | { readonly raw: Buffer })[]): number =>
  values.reduce((sum, value) => sum + value.raw.length, 0);

/** An issuer's own certificate is accepted by its name alone; above this it is a container. */
const MAX_UNPROVEN_BYTES = 4096;

/** Bytes of the certificates that neither the path nor an issuer of the path's certificates accounts for. */
export function unusedBytes(certificates: readonly Certificate[], chain: readonly Certificate[]): number {
  const isUsed = (certificate: Certificate) =>
    chain.some((link) => link.raw.equals(certificate.raw)) ||
    (certificate.raw.length <= MAX_UNPROVEN_BYTES &&
      chain.some((link) => link.issuerKey === certificate.subjectKey));
  return bytesOf(certificates.filter((certificate) => !isUsed(certificate)));
}
