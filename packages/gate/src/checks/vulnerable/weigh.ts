/**
 * What several sources say of one thing, as one list: the same vulnerability under several names once, what its own maker says
 * it does not have set aside, and the rest by how much it matters.
 * @module
 */

import type { Authority, Claim, Intel, Known, VexStatement, Vulnerability } from "@sallyport/core";
import { isSameCompany } from "../../signatures/company-name.ts";

export interface Weakness extends Vulnerability {
  readonly match: "certain" | "possible";
  /** What agreed with what. */
  readonly because: string;
  /** Ids of the snapshots that speak of it. */
  readonly snapshots: readonly string[];
}

export interface Weighed {
  /** The gravest first. */
  readonly certain: readonly Weakness[];
  /** It may be meant: the version is not known, or only a part of the name agrees. */
  readonly possible: readonly Weakness[];
  /** Its own maker, or the organisation, says that it is not affected, or mended. */
  readonly cleared: readonly Weakness[];
}

/** @param claims - all about one thing */
export function weigh(
  known: readonly Known<Vulnerability>[],
  claims: readonly Claim[],
  intel: Pick<Intel, "snapshots">,
): Weighed {
  const authorities = new Map(intel.snapshots.map(({ id, authority }) => [id, authority]));
  const merged = [...Map.groupBy(known, ({ fact }) => nameOf(fact)).values()].map(merge);
  const words = (weakness: Weakness) => ownWords(weakness, authorities, claims);
  const isCleared = (weakness: Weakness) => isClearing(words(weakness));
  const open = merged.filter((weakness) => !isCleared(weakness)).sort(gravestFirst);
  return {
    certain: open.filter(({ match }) => match === "certain"),
    possible: open.filter(({ match }) => match === "possible"),
    // What is told of them is whose word it was.
    cleared: merged
      .filter(isCleared)
      .map((weakness) => ({ ...weakness, statements: words(weakness).filter(clears) })),
  };
}

/** CVE where it has one. */
const nameOf = ({ id, aliases }: Vulnerability): string =>
  [id, ...aliases].find((name) => name.startsWith("CVE-")) ?? id;

/** @returns OSV's records of packages that were made to do harm */
export const isMalicious = ({ id, aliases }: Vulnerability): boolean =>
  [id, ...aliases].some((name) => name.startsWith("MAL-"));

function merge(known: readonly Known<Vulnerability>[]): Weakness {
  const [first, ...others] = [...known].sort((a, b) => rankOf(a) - rankOf(b));
  if (first === undefined) throw new Error("nothing to merge");
  const merged: Vulnerability = Object.assign({}, ...others.map(({ fact }) => fact), first.fact);
  const facts = known.map(({ fact }) => fact);
  return {
    ...merged,
    id: nameOf(first.fact),
    aliases: [...new Set(facts.flatMap(({ id, aliases }) => [id, ...aliases]))].filter(
      (name) => name !== nameOf(first.fact),
    ),
    fixedIn: [
      ...new Set(known.filter(({ match }) => match === first.match).flatMap(({ fact }) => fact.fixedIn)),
    ],
    match: first.match,
    because: first.because,
    snapshots: [...new Set(known.map(({ snapshot }) => snapshot))],
    statements: facts.flatMap(({ statements = [] }) => statements),
  };
}

const rankOf = ({ match }: Known<Vulnerability>): number => (match === "certain" ? 0 : 1);

/** Exploited, then likely to be, then grave; of equal ones by name. */
function gravestFirst(a: Weakness, b: Weakness): number {
  return (
    Number(isMalicious(b)) - Number(isMalicious(a)) ||
    Number(b.exploitedSince !== undefined) - Number(a.exploitedSince !== undefined) ||
    (b.probability ?? 0) - (a.probability ?? 0) ||
    (b.score ?? 0) - (a.score ?? 0) ||
    (a.id < b.id ? -1 : 1)
  );
}

/** Anybody can write that something is not affected: only its own maker's word counts, and before it the organisation's. */
export function ownWords(
  { statements = [] }: Vulnerability,
  authorities: ReadonlyMap<string, Authority>,
  claims: readonly Claim[],
): readonly VexStatement[] {
  const authorityOf = ({ snapshot = "" }: VexStatement) => authorities.get(snapshot);
  const ours = statements.filter((statement) => authorityOf(statement) === "organisation");
  if (ours.length > 0) return ours;
  return statements.filter(
    (statement) =>
      authorityOf(statement) === "supplier" && claims.some((claim) => isMadeBy(claim, statement.author)),
  );
}

/** Who says both that it is affected and that it is not, has said nothing. */
const isClearing = (words: readonly VexStatement[]): boolean =>
  words.some(clears) && !words.some(({ status }) => status === "affected");

const clears = ({ status }: VexStatement): boolean => status === "not-affected" || status === "fixed";

/** Its maker by name, or the distribution that built the package. */
function isMadeBy({ vendor, identifiers }: Claim, author: string): boolean {
  if (isSameCompany(vendor, author)) return true;
  return identifiers.some(({ kind, value }) => {
    const distribution = kind === "purl" ? /^pkg:(?:deb|rpm|apk)\/([^/@?]+)\//.exec(value)?.[1] : undefined;
    return distribution !== undefined && squash(author).startsWith(squash(distribution));
  });
}

const squash = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, "");
