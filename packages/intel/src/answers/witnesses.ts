/**
 * Who else saw these bytes, and who saw others in their place. A catalogue lists several files for one version (an installer
 * and a package, for a machine and for a person): of one that knows these bytes only what stood under the same address
 * before or after is another word about them.
 * @module
 */

import type { Claim, Witness, WitnessReport } from "@sallyport/core";
import { keysOf } from "../match/keys.ts";
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
export async function witnessesOf(view: View, sha256: string, claim: Claim): Promise<WitnessReport> {
  const stood = findByHash(view.database, view.snapshots, sha256);
  const agree = stood
    .filter((stored) => stored.goneAt === undefined || wentOn(view, stored, stored.goneAt))
    .map((stored) => told(stored, "certain", `${nameOf(stored)} ${hadIt(stored)}`));
  const sources = new Set(stood.map(({ snapshot }) => snapshot.number));
  const disagree = [
    ...stood.flatMap((stored) => inItsPlace(view, stored)),
    ...(await packagesOf(view, claim))
      .filter(({ place }) => !sources.has(place.snapshot.number))
      .flatMap((named) => othersUnder(view, claim, named)),
  ];
  return { agree: inOrder(agree), disagree: inOrder(unique(disagree)) };
}

/**
 * Many lists name the newest version alone: what stood there until the list went on to another version was seen. What was
 * exchanged or taken away while its version stayed is not.
 */
function wentOn(view: View, { witness, snapshot, package: number }: StoredWitness, goneAt: string): boolean {
  return findByRelease(view.database, { number, snapshot }, witness.version).every(
    (other) => other.goneAt !== undefined && other.goneAt <= goneAt,
  );
}

const hadIt = ({ goneAt }: StoredWitness): string =>
  goneAt === undefined ? "has this SHA-256" : `had this SHA-256 until ${goneAt.slice(0, 10)}`;

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

async function packagesOf({ database, snapshots }: View, claim: Claim): Promise<readonly NamedPackage[]> {
  if (claim.version === undefined) return [];
  const found = findPackages(database, snapshots, keysOf(claim));
  if (found.length === 0) return [];
  const { match } = await import("../match/match.ts");
  return found.flatMap((place) => {
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
    .map((other) => told(other, named, `${nameOf(other)} has another SHA-256`));
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
