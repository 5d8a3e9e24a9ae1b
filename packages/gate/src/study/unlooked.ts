/** What is told of a member that could not be looked at. @module */

import type { Finding } from "../finding.ts";
import type { SearchDepth } from "../search/member-search.ts";
import type { Observations, StudyAnswer } from "./message.ts";

/** What is asked about a member. */
export interface Asked {
  readonly traits: readonly string[];
  readonly finders: readonly string[];
  readonly search?: SearchDepth;
}

/** What is told of every member with the same bytes. */
export type Result = Pick<StudyAnswer, "findings" | "parts">;

const unknownFinding = (because: string): Finding => ({
  check: "behaviours",
  outcome: "unknown",
  because,
  facts: {},
});

export const unlooked = ({ traits: asked, finders, search }: Asked, because: string): Result => ({
  findings: asked.length > 0 ? [unknownFinding(because)] : [],
  parts: {
    components: [],
    ...(asked.length + finders.length > 0 && { unlisted: [because] }),
    ...(search !== undefined && { unsearched: because }),
  },
});

export function problemsOf(traitIds: readonly string[], because: string): string {
  const observations: Observations = {
    values: {},
    problems: Object.fromEntries(traitIds.map((id) => [id, because])),
  };
  return JSON.stringify(observations);
}
