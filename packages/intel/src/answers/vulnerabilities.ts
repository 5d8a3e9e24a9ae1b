/** What is known to be weak in what something claims to be. @module */

import type { Claim, Known, Vulnerability } from "@sallyport/core";
import { baseScore } from "../cvss/score.ts";
import type { FactKind } from "../fact.ts";
import { compareVersions } from "../match/versions/compare.ts";
import { cveKey } from "../store/fact-keys.ts";
import { findFacts, type StoredFact } from "../store.ts";
import { type Advisory, advisoriesOf, type Said } from "./advisories.ts";
import { firstByRank, inOrder, type Ranked, ranked } from "./rank.ts";
import { timelineOf } from "./timeline.ts";
import type { View } from "./view.ts";

const MAX_FIXED = 20;
const MAX_STATEMENTS = 50;

export const vulnerabilitiesOf = (view: View, claim: Claim): readonly Known<Vulnerability>[] =>
  inOrder(advisoriesOf(view, claim).flatMap((advisory) => tell(view, claim, advisory) ?? []));

function tell(view: View, claim: Claim, advisory: Advisory): Ranked<Vulnerability> | undefined {
  const { said, exploited, statements } = advisory;
  const first = firstByRank<Said<"vulnerability" | "exploited" | "statement">>([
    ...said,
    ...(said.length > 0 ? [] : [...exploited, ...statements]),
  ]);
  if (first === undefined) return undefined;
  const { id, aliases } = nameOf(advisory.names);
  const vector = firstByRank(said.filter(({ fact }) => fact.vector !== undefined))?.fact.vector;
  const score = vector === undefined ? undefined : baseScore(vector);
  const url = firstByRank(said.filter(({ fact }) => fact.url !== undefined))?.fact.url;
  const written = inOrder(
    statements.map(({ fact, snapshot, ...match }) => ranked(fact.statement, snapshot, match)),
  ).map(({ fact, snapshot }) => ({ ...fact, snapshot }));
  return ranked(
    {
      id,
      aliases,
      summary: summaryOf(advisory),
      ...(score !== undefined && { score }),
      ...(vector !== undefined && { vector }),
      fixedIn: fixedIn(claim, said),
      ...aboutName(view, advisory.names),
      ...(written.length > 0 && { statements: written.slice(0, MAX_STATEMENTS) }),
      ...(url !== undefined && { url }),
    },
    first.snapshot,
    first,
  );
}

/** A CVE is the name that most know; of several the lowest, so that it is the same every time. */
function nameOf(names: ReadonlySet<string>): { id: string; aliases: readonly string[] } {
  const sorted = [...names].sort();
  const id = sorted.find((name) => name.startsWith("CVE-")) ?? sorted[0] ?? "";
  return { id, aliases: sorted.filter((name) => name !== id) };
}

function summaryOf({ said, exploited, statements, names }: Advisory): string {
  const told = firstByRank(said.filter(({ fact }) => fact.summary !== ""))?.fact.summary;
  const listed = exploited[0]?.fact.name;
  const author = statements[0]?.fact.statement.author;
  return told ?? listed ?? (author === undefined ? nameOf(names).id : `${author} says that it is affected`);
}

/** Of the facts that are meant; none before the version that is claimed. */
function fixedIn(claim: Claim, said: readonly Said<"vulnerability">[]): readonly string[] {
  const found = new Set<string>();
  for (const { fact } of said) {
    const { versions, scheme } = fact.about;
    const ranges = versions === "all" ? [] : versions.ranges;
    for (const fixed of [...ranges.map((range) => range.fixed), ...(fact.fixedIn ?? [])]) {
      const order =
        fixed === undefined || claim.version === undefined
          ? 1
          : (compareVersions(scheme, fixed, claim.version) ?? 1);
      if (fixed !== undefined && order > 0) found.add(fixed);
    }
  }
  return [...found].slice(0, MAX_FIXED);
}

/** What is said of a weakness by its name alone, whoever's product it is in. */
function aboutName(view: View, names: ReadonlySet<string>): Partial<Vulnerability> {
  const { database, snapshots } = view;
  const keys = [...names].map(cveKey);
  const first = <Kind extends FactKind>(kind: Kind): StoredFact<Kind> | undefined =>
    findFacts(database, snapshots, kind, keys)[0];
  const listed = first("exploited")?.fact;
  const chance = first("probability")?.fact;
  const points = first("decision-points")?.fact;
  const known: Partial<Vulnerability> = {
    ...(listed !== undefined && { exploitedSince: listed.since }),
    ...(listed?.dueOn !== undefined && { dueOn: listed.dueOn }),
    ...(chance !== undefined && { probability: chance.probability }),
    ...(points?.exploitation !== undefined && { exploitation: points.exploitation }),
    ...(points?.isAutomatable !== undefined && { isAutomatable: points.isAutomatable }),
    ...(points?.technicalImpact !== undefined && { technicalImpact: points.technicalImpact }),
  };
  return { ...known, ...timelineOf(view, known) };
}
