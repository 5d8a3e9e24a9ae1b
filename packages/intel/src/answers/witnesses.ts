/**
 * Who else saw these bytes, and who saw others in their place. A catalogue lists several files for one version (an installer
 * and a package, for a machine and for a person), so another hash below the same version says nothing by itself: it has
 * to stand in the place of this one, under the same address or the same file name.
 * @module
 */

import type { Claim, Witness, WitnessReport } from "@sallyport/core";
import { keysOf, match } from "../match/index.ts";
import {
  findByHash,
  findByRelease,
  findPackages,
  type StoredWitness,
  type WitnessPackage,
} from "../store/witness-find.ts";
import { namingOfPackage } from "../store/witness-package.ts";
import { inOrder, type Ranked, ranked } from "./rank.ts";
import type { View } from "./view.ts";

/** @param sha256 - lower-case hex */
export function witnessesOf(view: View, sha256: string, claim: Claim): WitnessReport {
  const stood = findByHash(view.database, view.snapshots, sha256);
  const agree = stood
    .filter(({ goneAt }) => goneAt === undefined)
    .map((stored) => told(stored, "certain", `${nameOf(stored)} has this SHA-256`));
  const sources = new Set(stood.map(({ snapshot }) => snapshot.number));
  const disagree = [
    ...stood.flatMap((stored) => inItsPlace(view, stored)),
    ...packagesOf(view, claim)
      .filter(({ place }) => !sources.has(place.snapshot.number))
      .flatMap((named) => othersUnder(view, claim, named)),
  ];
  return { agree: inOrder(agree), disagree: inOrder(unique(disagree)) };
}

/** What stood under the same address before or after, for the same version and architecture. */
function inItsPlace(view: View, stored: StoredWitness): readonly Ranked<Witness>[] {
  const { witness, snapshot, goneAt } = stored;
  if (witness.url === undefined) return [];
  return findByRelease(view.database, { number: stored.package, snapshot }, witness.version)
    .filter(
      (other) =>
        other.witness.sha256 !== witness.sha256 &&
        other.witness.url === witness.url &&
        other.witness.architecture === witness.architecture &&
        // Two that stand there at the same time are two choices, not one in the place of the other.
        (goneAt === undefined) !== (other.goneAt === undefined),
    )
    .map((other) =>
      told(
        other,
        "certain",
        other.goneAt === undefined
          ? `${nameOf(other)} had this SHA-256 until ${goneAt?.slice(0, 10)}, and has another one now`
          : `${nameOf(other)} had another SHA-256 until ${other.goneAt.slice(0, 10)}`,
      ),
    );
}

interface NamedPackage {
  readonly place: WitnessPackage;
  readonly match: "certain" | "possible";
}

function packagesOf({ database, snapshots }: View, claim: Claim): readonly NamedPackage[] {
  if (claim.version === undefined) return [];
  return findPackages(database, snapshots, keysOf(claim)).flatMap((place) => {
    const naming = namingOfPackage(place.snapshot.source, place.row);
    const result = match(claim, naming);
    return result.match === "no" ? [] : [{ place, match: result.match }];
  });
}

function othersUnder(
  view: View,
  claim: Claim,
  { place, match: named }: NamedPackage,
): readonly Ranked<Witness>[] {
  return findByRelease(view.database, place, claim.version)
    .filter(({ goneAt }) => goneAt === undefined)
    .map((other) => {
      const isSameFile = claim.fileName !== undefined && claim.fileName === fileNameOf(other.witness.url);
      return named === "certain" && isSameFile
        ? told(other, "certain", `${nameOf(other)} has another SHA-256 for ${claim.fileName}`)
        : told(other, "possible", `${nameOf(other)} has another SHA-256, maybe of another file of it`);
    });
}

/** The last part of an address's path, as a file is called that was downloaded from it. */
function fileNameOf(url = ""): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const last = new URL(url).pathname.split("/").at(-1) ?? "";
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}

const told = ({ witness, snapshot }: StoredWitness, agrees: "certain" | "possible", because: string) =>
  ranked(witness, snapshot, { match: agrees, because });

const nameOf = ({ witness, snapshot }: StoredWitness): string =>
  [`${snapshot.title}: ${witness.packageId}`, witness.version, witness.architecture]
    .filter((part) => part !== undefined)
    .join(" ");

const unique = (facts: readonly Ranked<Witness>[]): readonly Ranked<Witness>[] => [
  ...new Map(
    facts.map((one) => [`${one.snapshot}\n${one.fact.packageId}\n${one.fact.sha256}`, one] as const),
  ).values(),
];
