/**
 * What lists of packages say of these bytes. That they saw the same proves that they were served the same, never that it
 * is good. Source: shared experience with winget, Scoop, Homebrew and Chocolatey, docs/checks/witness.md.
 * @module
 */

import type { Known, Snapshot, Witness, WitnessReport } from "@sallyport/core";
import type { CheckResult, Observation } from "../check.ts";
import { listed, snapshotsOf, toldBy } from "../told-by.ts";
import { fileOfAddress, namesVersion, sameAddress } from "./address.ts";

export interface Asked {
  readonly sha256: string;
  /** The name the bytes came under. */
  readonly fileName: string;
  /** Where they came from, as far as anybody says. */
  readonly origins: readonly string[];
}

const SHOWN = 8;

export function judgeWitnesses(
  { agree, disagree }: WitnessReport,
  asked: Asked,
  snapshots: readonly Snapshot[],
): CheckResult {
  const contradicting = disagree.filter((known) => contradicts(known, agree, asked));
  if (contradicting.length > 0) return disagreement(contradicting, agree, snapshots);
  if (agree.length > 0) return agreement(agree, asked, snapshots);
  return { notChecked: silence(disagree, snapshots) };
}

/**
 * True when the same download was other bytes: the very address, or the same file of the same package. Only of an address that
 * names its version: under the others, tomorrow's bytes are no contradiction.
 */
function contradicts(other: Known<Witness>, agree: readonly Known<Witness>[], asked: Asked): boolean {
  const { url, version } = other.fact;
  if (url === undefined || version === undefined || !namesVersion(url, version)) return false;
  if (asked.origins.some((origin) => sameAddress(origin, url))) return true;
  const file = fileOfAddress(url);
  if (file === undefined) return false;
  const isSamePackage = agree.some(
    ({ fact }) =>
      fact.packageId === other.fact.packageId &&
      fact.version === version &&
      fact.url !== undefined &&
      fileOfAddress(fact.url) === file,
  );
  return isSamePackage || (other.match === "certain" && file === asked.fileName.toLowerCase());
}

function disagreement(
  others: readonly Known<Witness>[],
  agree: readonly Known<Witness>[],
  snapshots: readonly Snapshot[],
): Observation {
  const [first] = others;
  const who = listed(snapshotsOf(snapshots, others).map(toldBy));
  const what = first === undefined ? "" : nameOf(first.fact);
  const isReleasedAgain = agree.length > 0;
  return {
    outcome: "fail",
    because: isReleasedAgain
      ? `${what} was released again under the same version: by ${who}, the same file was other bytes, ${first?.fact.sha256}`
      : `by ${who}, others were given other bytes for the same file of ${what}: ${first?.fact.sha256}`,
    facts: {
      standing: isReleasedAgain ? "released-again" : "disagrees",
      independent: sourcesOf(snapshots, agree).length,
      agree: agree.slice(0, SHOWN).map(({ fact, snapshot }) => shown(fact, snapshot)),
      disagree: others.slice(0, SHOWN).map(({ fact, snapshot }) => shown(fact, snapshot)),
    },
  };
}

function agreement(
  agree: readonly Known<Witness>[],
  { origins }: Asked,
  snapshots: readonly Snapshot[],
): Observation {
  const since = agree.map(({ fact }) => fact.since).sort()[0] ?? "";
  const sources = sourcesOf(snapshots, agree);
  const who = listed(snapshotsOf(snapshots, agree).map(toldBy));
  const [first] = agree;
  const what = first === undefined ? "" : nameOf(first.fact);
  const isMutable = agree.every(({ fact }) => fact.url === undefined || !isLasting(fact));
  const remark = isMutable ? "; the address it names serves whatever is newest" : "";
  return {
    outcome: "pass",
    because: `${who} saw the same bytes as ${what}, known here since ${since.slice(0, 10)}; that says where they were, not that they are good${remark}`,
    facts: {
      standing: "agrees",
      independent: sources.length,
      since,
      sources,
      agree: agree.slice(0, SHOWN).map(({ fact, snapshot }) => shown(fact, snapshot)),
      ...(origins.length > 0 && {
        sameAddress: agree.some(
          ({ fact: { url } }) => url !== undefined && origins.some((origin) => sameAddress(origin, url)),
        ),
      }),
    },
  };
}

function silence(others: readonly Known<Witness>[], snapshots: readonly Snapshot[]): string {
  const lists = listed(snapshots.map(toldBy));
  const [other] = others;
  if (other === undefined) return `nobody who was asked saw these bytes, which says nothing: ${lists}`;
  return `nobody who was asked saw these bytes, which says nothing, though other files of ${nameOf(other.fact)} are known: ${lists}`;
}

const isLasting = ({ url, version }: Witness): boolean =>
  url !== undefined && version !== undefined && namesVersion(url, version);

const nameOf = ({ packageId, version }: Witness): string =>
  version === undefined ? packageId : `${packageId} ${version}`;

/** Ids of sources: two snapshots of one source are one witness. */
const sourcesOf = (snapshots: readonly Snapshot[], known: readonly Known<Witness>[]): readonly string[] => [
  ...new Set(snapshotsOf(snapshots, known).map(({ source }) => source)),
];

const shown = ({ packageId, version, architecture, url, sha256, since }: Witness, snapshot: string) => ({
  packageId,
  ...(version !== undefined && { version }),
  ...(architecture !== undefined && { architecture }),
  ...(url !== undefined && { url }),
  sha256,
  since,
  snapshot,
});
