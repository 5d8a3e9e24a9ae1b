/**
 * Bytes in the signatures of a file that no trusted authority stands behind. Anybody can make a signature of their
 * own and nest it in one that is trusted, or a timestamp of their own, and make as many of them as fit: each may be as
 * large as honest ones are, all together they may not be more than honest files carry.
 * Source: RFC 5652 §5.3, §11: what a signature covers, and what stands beside it.
 * @module
 */

import { ATTRIBUTE } from "../../cms/signer-info.ts";
import { unreferencedCertificates } from "../../code-signing/certificate-set.ts";
import { bytesOf, findingOf } from "../../code-signing/hiding-places.ts";
import type { Finding } from "../../finding.ts";
import type { Judged } from "./judgement.ts";

/** Beside a signature that is trusted: an older one whose root is gone, a timestamp, a few cross-certificates. */
const MAX_BESIDE_TRUSTED_BYTES = 24 * 1024;
/** Nothing is trusted, and the file is held anyway: two whole signatures with their timestamps. */
const MAX_UNTRUSTED_BYTES = 48 * 1024;

/** Finding C8 of check `certificate-table`; none when something as bad was found already. */
export function findUnvouched(judged: readonly Judged[]): readonly Finding[] {
  const isKnown = judged.some(({ findings }) =>
    findings.some(({ check, outcome }) => check === "certificate-table" && outcome === "fail"),
  );
  const sizes = judged.map((one) => ({
    ...one,
    parts: unvouchedParts(one),
    lengthBytes: unvouchedBytes(one),
  }));
  const lengthBytes = sizes.reduce((sum, one) => sum + one.lengthBytes, 0);
  const isTrusted = judged.some(({ trust }) => trust?.path.outcome === "anchored");
  const allowedBytes = isTrusted ? MAX_BESIDE_TRUSTED_BYTES : MAX_UNTRUSTED_BYTES;
  const [most] = sizes.toSorted((a, b) => b.lengthBytes - a.lengthBytes);
  if (isKnown || most === undefined || lengthBytes <= allowedBytes) return [];
  const because = `signatures and timestamps that nobody vouches for hold ${lengthBytes} bytes, more than honest ones need`;
  const facts = { lengthBytes, allowedBytes };
  return [findingOf(most.signature, { rule: "C8", because, parts: most.parts, facts })];
}

/** Page hashes are compared with the file, and signatures nested in this one are judged as their own. */
function unvouchedBytes(one: Judged): number {
  const { signature, trust } = one;
  const { pageHashes, listBytes = 0 } = signature.indirect;
  // A list of files is what the file is, not something that hides in it.
  const lengthBytes = bytesOf(unvouchedParts(one)) - (pageHashes?.table.length ?? 0) - listBytes;
  if (trust?.path.outcome === "anchored") return lengthBytes + uncoveredInTimestamps(one);
  const nested = signature.signerInfo.unsignedAttributes.filter(
    ({ oid }) => oid === ATTRIBUTE.nestedSignature,
  );
  return lengthBytes - bytesOf(nested.map(({ raw }) => raw));
}

/** What a trusted signer signed counts as well: beside the accepted one may stand another, with a bought certificate. */
function unvouchedParts({ signature, trust }: Judged): readonly Buffer[] {
  const { signedData, signerInfo } = signature;
  if (trust?.path.outcome !== "anchored") return [signedData.raw];
  const { unreferenced, unvouched } = unreferencedCertificates(signature, [trust]);
  const unproven = trust.timestamps.timestamps.filter(({ outcome }) => outcome !== "verified");
  return [
    ...[...unproven, ...unreferenced, ...unvouched].map(({ raw }) => raw),
    ...signature.unreadableCertificates,
    ...signedData.revocationLists,
    ...signedData.otherRevocationInformation,
    ...(signerInfo.signedAttributes === undefined ? [] : [signerInfo.signedAttributes.signedBytes]),
    ...(signedData.content === undefined ? [] : [signedData.content.raw]),
  ];
}

/** A trusted timestamp may be there many times, each copy with something of its own beside what is signed. */
function uncoveredInTimestamps({ trust }: Judged): number {
  const proven = (trust?.timestamps.timestamps ?? []).filter(({ outcome }) => outcome === "verified");
  return proven.reduce((sum, { uncoveredBytes, unprovenBytes }) => sum + uncoveredBytes + unprovenBytes, 0);
}
