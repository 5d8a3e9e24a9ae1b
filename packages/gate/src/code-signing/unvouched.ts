/**
 * Bytes in the signatures of a file that no trusted authority stands behind. Anybody can add a signature or a timestamp
 * of their own beside one that is trusted: each may be as large as honest ones are, all together they may not be more
 * than honest files carry.
 * Source: RFC 5652 §5.3, §11: what a signature covers, and what stands beside it.
 * @module
 */

import type { Finding } from "../finding.ts";
import { unreferencedCertificates } from "./certificate-set.ts";
import type { CmsSignature } from "./cms-signature.ts";
import { bytesOf, findingOf } from "./hiding-places.ts";
import type { Trust } from "./trust.ts";

/** Beside a signature that is trusted: an older one whose root is gone, a timestamp, a few cross-certificates. */
const MAX_BESIDE_TRUSTED_BYTES = 24 * 1024;
/** Nothing is trusted, and the file is held anyway: two whole signatures with their timestamps. */
const MAX_UNTRUSTED_BYTES = 48 * 1024;

export interface Vouched {
  readonly signature: CmsSignature;
  /** Of the signer, and of whoever countersigned with certificates of the same set. */
  readonly trusts: readonly (Trust | undefined)[];
  /** What counts beside a trusted signature, though it is neither timestamp nor certificate. */
  readonly besides: readonly Buffer[];
  /** Bytes of the whole that something else accounts for. */
  readonly explainedBytes?: number;
  /** Bytes of an untrusted signature that are signatures of their own. */
  readonly nestedBytes?: number;
}

/** Finding C8 of check `certificate-table` over all signatures of one file. */
export function findUnvouchedBytes(signatures: readonly Vouched[]): readonly Finding[] {
  const sizes = signatures.map((one) => ({
    one,
    parts: unvouchedParts(one),
    lengthBytes: unvouchedBytes(one),
  }));
  const lengthBytes = sizes.reduce((sum, size) => sum + size.lengthBytes, 0);
  const isTrusted = signatures.some(({ trusts }) => trusts[0]?.path.outcome === "anchored");
  const allowedBytes = isTrusted ? MAX_BESIDE_TRUSTED_BYTES : MAX_UNTRUSTED_BYTES;
  const [most] = sizes.toSorted((a, b) => b.lengthBytes - a.lengthBytes);
  if (most === undefined || lengthBytes <= allowedBytes) return [];
  const because = `signatures and timestamps that nobody vouches for hold ${lengthBytes} bytes, more than honest ones need`;
  const facts = { lengthBytes, allowedBytes };
  return [findingOf(most.one.signature, { rule: "C8", because, parts: most.parts, facts })];
}

function unvouchedBytes(one: Vouched): number {
  const { explainedBytes = 0, nestedBytes = 0 } = one;
  const known = bytesOf(unvouchedParts(one)) - explainedBytes;
  if (one.trusts[0]?.path.outcome !== "anchored") return known - nestedBytes;
  // A trusted timestamp may be there many times, each copy with something of its own beside what is signed.
  const proven = timestampsOf(one).filter(({ outcome }) => outcome === "verified");
  return proven.reduce(
    (sum, { uncoveredBytes, unprovenBytes }) => sum + uncoveredBytes + unprovenBytes,
    known,
  );
}

function unvouchedParts({ signature, trusts, besides }: Vouched): readonly Buffer[] {
  const { signedData, unreadableCertificates } = signature;
  if (trusts[0]?.path.outcome !== "anchored") return [signedData.raw];
  const { unreferenced, unvouched } = unreferencedCertificates(signature, trusts);
  const unproven = timestampsOf({ trusts }).filter(({ outcome }) => outcome !== "verified");
  return [
    ...[...unproven, ...unreferenced, ...unvouched].map(({ raw }) => raw),
    ...unreadableCertificates,
    ...signedData.revocationLists,
    ...signedData.otherRevocationInformation,
    ...besides,
  ];
}

const timestampsOf = ({ trusts }: Pick<Vouched, "trusts">) =>
  trusts.flatMap((trust) => trust?.timestamps.timestamps ?? []);
