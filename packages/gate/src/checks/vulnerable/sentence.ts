/** What is said of the vulnerabilities of one thing: the gravest by name, the others by number. @module */

import type { JsonObject } from "@sallyport/core";
import { listed } from "../told-by.ts";
import { isMalicious, type Weakness, type Weighed } from "./weigh.ts";

/** More of them are counted only. */
const MAX_FACTS = 50;
const MAX_FIXED = 4;

/** @param told - who says it, and how old that is */
export function tell(name: string, { certain, cleared }: Weighed, told: string): string {
  const [gravest, ...others] = certain;
  if (gravest === undefined) return `${name}: ${clearedOf(cleared)} (${told})`;
  const exploited = others.filter(({ exploitedSince }) => exploitedSince !== undefined).length;
  const more =
    others.length === 0
      ? ""
      : `, and ${others.length} more${exploited === 0 ? "" : `, of which ${exploited} ${exploited === 1 ? "is" : "are"} being exploited`}`;
  const set = cleared.length === 0 ? "" : `; ${clearedOf(cleared)}`;
  return `${name} ${stateOf(gravest)}${more}${set} (${told})`;
}

function stateOf(weakness: Weakness): string {
  const { id, exploitedSince, fixedIn, summary } = weakness;
  if (isMalicious(weakness)) return `is known to be malicious (${id}${summary === "" ? "" : `: ${summary}`})`;
  const exploited = exploitedSince === undefined ? "" : `, which has been exploited since ${exploitedSince}`;
  const fixed =
    fixedIn.length === 0 ? ", and no fix is named" : `; fixed in ${listed(fixedIn.slice(0, MAX_FIXED))}`;
  return `has ${id}${weightOf(weakness)}${exploited}${fixed}`;
}

/** How grave and how likely, where that is known. */
function weightOf({ score, probability, exploitation }: Weakness): string {
  const parts = [
    ...(score === undefined ? [] : [`CVSS ${score.toFixed(1)}`]),
    ...(probability === undefined
      ? []
      : [`EPSS ${(probability * 100).toFixed(probability < 0.1 ? 1 : 0)} %`]),
    ...(exploitation === "public-poc" ? ["exploit is public"] : []),
  ];
  return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
}

/** Whose word takes what off the list. */
function clearedOf(cleared: readonly Weakness[]): string {
  const authors = [
    ...new Set(cleared.flatMap(({ statements = [] }) => statements.map(({ author }) => author))),
  ];
  const ids = cleared.slice(0, MAX_FIXED).map(({ id, statements }) => {
    const why = statements?.[0]?.justification;
    return why === undefined ? id : `${id}: ${why.replaceAll("_", " ")}`;
  });
  const rest = cleared.length - ids.length;
  return `${listed(authors)} says that it does not have ${listed([...ids, ...(rest > 0 ? [`${rest} more`] : [])])}`;
}

export const factsOf = (weaknesses: readonly Weakness[]): readonly JsonObject[] =>
  weaknesses.slice(0, MAX_FACTS).map((weakness) => {
    const {
      id,
      aliases,
      fixedIn,
      match,
      because,
      snapshots,
      statements = [],
      summary,
      mendWithin,
    } = weakness;
    return {
      id,
      ...(aliases.length > 0 && { aliases: aliases.slice(0, 20) }),
      summary,
      match,
      because,
      fixedIn: fixedIn.slice(0, 20),
      snapshots,
      ...scalars(weakness),
      ...(mendWithin !== undefined && { mendWithin: { ...mendWithin } }),
      ...(statements.length > 0 && { statements: statements.slice(0, 10).map((one) => ({ ...one })) }),
    };
  });

/** What is known of it beside its names. */
function scalars(weakness: Weakness): JsonObject {
  const names = [
    "score",
    "vector",
    "exploitedSince",
    "dueOn",
    "probability",
    "exploitation",
    "isAutomatable",
    "technicalImpact",
    "url",
  ] as const;
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = weakness[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
