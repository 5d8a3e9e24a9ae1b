/** How grave a change of signers is, and the sentence about it. @module */

import type { ArtifactMember } from "../../artifact.ts";
import { isProven } from "../../signatures/proven.ts";
import type { Difference, Risk } from "../trait.ts";
import type { Change, Unproven } from "./change.ts";
import type { Scene } from "./scene.ts";
import type { Signer, Signers } from "./signer.ts";

interface Told extends Pick<Difference, "rule" | "risk" | "because"> {}

export function tellChange(change: Change, scene: Scene & { readonly member: ArtifactMember }): Told {
  switch (change.kind) {
    case "removed":
      return { rule: "signer-removed", ...removal(change.from, scene) };
    case "unproven":
      return {
        rule: "signature-unproven",
        risk: UNPROVEN_RISK[change.state],
        because: `was signed by ${change.from.name}, which was proven, and now: ${change.why}`,
      };
    case "company":
      return { rule: "signer-changed", ...otherCompany(change.from, change.to, scene) };
    case "authority":
      return otherAuthority(change, scene);
    case "place":
      return {
        rule: "same-name-elsewhere",
        risk: change.place === "C" ? "medium" : "high",
        because: `is signed by another ${change.to.name}: its certificate says another ${PLACE_NAMES[change.place] ?? change.place}`,
      };
    case "certificate":
      return {
        rule: "certificate-renewed",
        risk: "info",
        because: `is signed by ${change.to.name} with another certificate`,
      };
    case "added":
      return { rule: "signer-added", ...addition(change.to, scene) };
    case "co-signer":
      return { rule: "co-signer-changed", ...coSigners(change.from, change.to, scene) };
    case "weaker-digest":
      return {
        rule: "weaker-digest",
        risk: "medium",
        because: `is signed by ${change.to.name} over a digest that can be forged, and was over a stronger one`,
      };
    case "timestamp":
      return {
        rule: "timestamp-lost",
        risk: "low",
        because: `is signed by ${change.to.name} at a time that nothing proves, and a timestamp did before`,
      };
  }
}

/** Nothing honest alters a signed file; that somebody forgot the timestamp happens. */
const UNPROVEN_RISK: Readonly<Record<Unproven, Risk>> = {
  broken: "critical",
  unknown: "high",
  untimely: "medium",
};

const PLACE_NAMES: Readonly<Record<string, string>> = {
  C: "country",
  jurisdictionC: "country of registration",
  serialNumber: "registration number",
  UID: "team",
};

/**
 * Packing libraries together takes the signatures of archives off, as they would not hold any more. A signature that
 * nobody vouches for is left off at times, and then for the whole release; one file without it among others is a
 * replacement.
 */
function removal(from: Signer, { left }: Scene): Pick<Told, "risk" | "because"> {
  const because = `was signed by ${from.name}, and is not signed any more`;
  const isArchive = from.reports.every(({ scheme }) => scheme === "jar");
  if (from.reports.some(isProven)) return { risk: isArchive ? "medium" : "high", because };
  return from.key !== "" && left.has(from.key) && !isArchive
    ? { risk: "high", because: `${because}, while other files still are` }
    : { risk: "low", because };
}

/**
 * The artifact itself by another company is a sale or a theft, which a person has to tell apart; its members go with it.
 * A member alone is a part from another maker, when that maker is known here, or somebody's replacement.
 */
function otherCompany(
  from: Signer,
  to: Signer,
  { handedOver, known, kept, member }: Scene & { member: ArtifactMember },
): Pick<Told, "risk" | "because"> {
  const because = `is signed by ${to.name}, and was by ${from.name}`;
  // Certificates that prove nothing may be made anew for every release.
  if (!from.reports.some(isProven)) return { risk: "medium", because };
  if (member.path === "") return { risk: "high", because };
  if (handedOver.get(from.key) === to.key) return { risk: "info", because };
  if (known.has(to.key)) return { risk: "medium", because: `${because}; both signed other files before` };
  return kept.has(from.key)
    ? { risk: "high", because: `${because}, who still signs other files` }
    : { risk: "high", because };
}

/** Companies change authorities, and then for everything they sign. Certificates got by somebody else are used once. */
function otherAuthority(
  { from, to, place }: { from: Signer; to: Signer; place: string | undefined },
  { kept }: Scene,
): Told {
  if (place !== undefined)
    return {
      rule: "same-name-elsewhere",
      risk: "high",
      because: `is signed by another ${to.name}: another authority vouches for the name, and another ${PLACE_NAMES[place] ?? place}`,
    };
  const isAlone = kept.has(from.key);
  return {
    rule: "authority-changed",
    risk: isAlone ? "high" : "medium",
    because: `is signed as ${to.name} by a certificate of another authority${isAlone ? ", while other files keep the old one" : ""}`,
  };
}

/** Signing what was not signed is good news, mostly. */
function addition(to: Signer, { known }: Scene): Pick<Told, "risk" | "because"> {
  const because = `is signed by ${to.name}, and was not signed before`;
  return { risk: known.size === 0 || known.has(to.key) ? "info" : "low", because };
}

function coSigners(from: Signers, to: Signers, { known }: Scene): Pick<Told, "risk" | "because"> {
  const [came, went] = [missingIn(from, to), missingIn(to, from)];
  const names = (signers: readonly Signer[]) => signers.map(({ name }) => name).join(" and ");
  const isStranger = came.some(({ key }) => !known.has(key));
  const parts = [
    ...(came.length > 0 ? [`is also signed by ${names(came)}`] : []),
    ...(went.length > 0 ? [`is not signed by ${names(went)} any more`] : []),
  ];
  return { risk: isStranger || went.length > 0 ? "low" : "info", because: parts.join(", and ") };
}

const missingIn = (some: Signers, all: Signers): readonly Signer[] =>
  [...all.values()].filter(({ key }) => !some.has(key));
