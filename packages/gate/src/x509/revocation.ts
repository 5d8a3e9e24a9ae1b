/**
 * Asks the revocation lists that were given about the certificates of a path. Lists are never fetched. A list counts
 * only under its issuer's own signature; a revocation it tells of stays true after the list itself went stale.
 * Source: RFC 5280 §6.3.
 * @module
 */

import { hasCode } from "@sallyport/core";
import type { TrustStore } from "../trust/trust-store.ts";
import type { Certificate } from "./certificate.ts";
import { labelOf, type Problem } from "./path-rules.ts";
import type { CandidatePath } from "./path-search.ts";
import { type RevocationList, readRevocationList } from "./revocation-list.ts";
import { readSignatureAlgorithm, verifySignature } from "./signature-algorithm.ts";

export interface RevocationAnswer {
  readonly problems: readonly Problem[];
  readonly notes: readonly string[];
  /** A usable list spoke about every certificate. */
  readonly checked: boolean;
}

export function checkRevocation(
  path: CandidatePath,
  { at, trust }: { at: Date; trust: TrustStore },
): RevocationAnswer {
  const lists = listsOf(trust);
  const problems: Problem[] = [];
  const notes: string[] = [];
  let covered = 0;
  for (const [place, certificate] of path.certificates.entries()) {
    const issuer = path.certificates[place + 1];
    const issuerKey = issuer?.publicKeyInfo ?? Buffer.from(path.anchor.publicKey);
    const named = lists.get(certificate.issuerKey) ?? [];
    const usable = named.filter((list) => maySign(issuer) && isSigned(list, issuerKey));
    if (usable.length < named.length)
      notes.push(
        `a revocation list in the name of ${certificate.summary.issuer} is not signed by it and was ignored`,
      );
    const revokedAt = earliestRevocation(usable, certificate);
    if (revokedAt !== undefined && revokedAt <= at)
      problems.push({
        outcome: "revoked",
        because: `"${labelOf(certificate)}" was revoked as of ${dayOf(revokedAt)}`,
      });
    else if (revokedAt !== undefined)
      notes.push(`"${labelOf(certificate)}" was revoked later, as of ${dayOf(revokedAt)}`);
    if (usable.some((list) => isFresh(list, at))) covered += 1;
    else if (usable.length > 0)
      notes.push(`the revocation list for "${labelOf(certificate)}" is out of date`);
  }
  return { problems, notes, checked: covered === path.certificates.length };
}

function earliestRevocation(lists: readonly RevocationList[], certificate: Certificate): Date | undefined {
  const serial = certificate.serial.toString("hex");
  return lists.flatMap((list) => list.revoked.get(serial) ?? []).sort((a, b) => a.getTime() - b.getTime())[0];
}

const isFresh = (list: RevocationList, at: Date): boolean =>
  list.complete && list.nextUpdate !== undefined && list.nextUpdate >= at;

/** RFC 5280 §4.2.1.3: cRLSign, where the issuer's certificate says what its key may do. */
const maySign = (issuer: Certificate | undefined): boolean => issuer?.keyUsage?.has(6) ?? true;

function isSigned(list: RevocationList, publicKeyInfo: Buffer): boolean {
  try {
    if (readSignatureAlgorithm(list.signatureAlgorithm).digest === "md5") return false;
    return verifySignature({
      publicKeyInfo,
      algorithm: list.signatureAlgorithm,
      data: list.tbs,
      signature: list.signature,
    });
  } catch (error) {
    if (hasCode(error, "artifact.malformed", "artifact.unsupported")) return false;
    throw error;
  }
}

const parsed = new WeakMap<TrustStore, ReadonlyMap<string, readonly RevocationList[]>>();

/** Lists were read once when they were handed in, so one that cannot be read here is a bug, not a subject. */
function listsOf(trust: TrustStore): ReadonlyMap<string, readonly RevocationList[]> {
  const known = parsed.get(trust);
  if (known !== undefined) return known;
  const lists = Map.groupBy(trust.revocationLists.map(readRevocationList), (list) => list.issuerKey);
  parsed.set(trust, lists);
  return lists;
}

const dayOf = (time: Date): string => time.toISOString().slice(0, 10);
