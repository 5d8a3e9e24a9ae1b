/** What happened to the signatures of one member between two releases. @module */

import type { ArtifactMember } from "../../artifact.ts";
import { intactSigners, otherPlace, type Signer, type Signers, signersOf, tellingSigners } from "./signer.ts";

export type Change =
  | { readonly kind: "added"; readonly to: Signer }
  | { readonly kind: "removed"; readonly from: Signer }
  /** It was proven and is not any more; `why` says what is wrong with it now. */
  | { readonly kind: "unproven"; readonly from: Signer; readonly state: Unproven; readonly why: string }
  | { readonly kind: "company"; readonly from: Signer; readonly to: Signer }
  | {
      readonly kind: "authority";
      readonly from: Signer;
      readonly to: Signer;
      readonly place: string | undefined;
    }
  | { readonly kind: "place"; readonly from: Signer; readonly to: Signer; readonly place: string }
  | { readonly kind: "certificate"; readonly from: Signer; readonly to: Signer }
  | { readonly kind: "co-signer"; readonly from: Signers; readonly to: Signers }
  | { readonly kind: "weaker-digest" | "timestamp"; readonly to: Signer };

/** Altered, by nobody who is known, or merely at no proven time. */
export type Unproven = "broken" | "unknown" | "untimely";

export function changesOf(before: ArtifactMember, after: ArtifactMember): readonly Change[] {
  if (isBroken(after) && !isBroken(before)) {
    const [from] = signersOf([...before.signatures, ...after.signatures]).values();
    if (from !== undefined) return [{ kind: "unproven", from, ...stateOf(after) }];
  }
  const [from, to] = tellingSigners(before, after);
  const [first] = from.values();
  const [now] = to.values();
  if (first === undefined) return now === undefined ? [] : becameProven(before, now, to);
  if (after.signatures.length === 0) return [{ kind: "removed", from: first }];
  if (now === undefined) return [{ kind: "unproven", from: first, ...stateOf(after) }];
  const kept = [...from.keys()].filter((key) => to.has(key));
  if (kept.length === 0) return [{ kind: "company", from: first, to: now }];
  const own = kept.flatMap((key) => sameCompany(from.get(key), to.get(key)));
  const others: Change[] =
    kept.length < Math.max(from.size, to.size) ? [{ kind: "co-signer", from, to }] : [];
  return [...own, ...others];
}

/** What was signed already, without proof, is not new; by whom is another question. */
function becameProven(before: ArtifactMember, now: Signer, to: Signers): readonly Change[] {
  const claimed = intactSigners(before);
  const [first] = claimed.values();
  if (first === undefined) return [{ kind: "added", to: now }];
  return [...claimed.keys()].some((key) => to.has(key)) ? [] : [{ kind: "company", from: first, to: now }];
}

const isBroken = ({ signatures }: ArtifactMember): boolean =>
  signatures.some(({ integrity }) => integrity === "fail");

const UNTIMELY: ReadonlySet<string> = new Set([
  "expired",
  "not-yet-valid",
  "valid-legacy-timestamped",
  "timestamp-unverifiable",
]);

function stateOf({ signatures }: ArtifactMember): { readonly state: Unproven; readonly why: string } {
  const broken = signatures.find(({ integrity }) => integrity === "fail");
  if (broken !== undefined) return { state: "broken", why: broken.because };
  const untimely = signatures.find(({ trust, integrity }) => UNTIMELY.has(trust) && integrity === "pass");
  if (untimely !== undefined) return { state: "untimely", why: untimely.because };
  return { state: "unknown", why: signatures[0]?.because ?? "" };
}

function sameCompany(from: Signer | undefined, to: Signer | undefined): readonly Change[] {
  if (from === undefined || to === undefined) return [];
  const weaker: Change[] = [
    ...(isWeak(to) && !isWeak(from) ? [{ kind: "weaker-digest", to } as const] : []),
    ...(hasTime(from) && !hasTime(to) ? [{ kind: "timestamp", to } as const] : []),
  ];
  const place = otherPlace(from, to);
  if (from.authorities.isDisjointFrom(to.authorities))
    return [{ kind: "authority", from, to, place }, ...weaker];
  if (place !== undefined) return [{ kind: "place", from, to, place }, ...weaker];
  const certificates = new Set(from.reports.map(({ signer }) => signer?.sha256));
  const isRenewed = !to.reports.some(({ signer }) => certificates.has(signer?.sha256));
  return isRenewed ? [{ kind: "certificate", from, to }, ...weaker] : weaker;
}

const WEAK: ReadonlySet<string> = new Set(["md2", "md5", "sha1"]);
const isWeak = ({ reports }: Signer): boolean =>
  reports.every(({ digestAlgorithm }) => WEAK.has(digestAlgorithm));
const hasTime = ({ reports }: Signer): boolean =>
  reports.some(({ timestamp }) => timestamp?.verified === true);
