/** Whether a version is one that a source means. What cannot be told is `unknown`, and never `yes`. @module */

import type { Naming, VersionRange, VersionScheme, VersionSet } from "../naming.ts";
import { compareVersions } from "./versions/compare.ts";
import { partsOf } from "./versions/generic.ts";

export interface Meant {
  readonly meant: "yes" | "no" | "unknown";
  /** Part of a sentence: `version 1.2 is before 1.3`. */
  readonly because: string;
}

const MAX_COMPARED = 200;

export function judgeVersion(version: string | undefined, { scheme, versions }: Naming): Meant {
  if (versions === "all") return { meant: "yes", because: "every version is meant" };
  if (version === undefined) return { meant: "unknown", because: "which version it is, is not known" };
  if (versions.ranges.length + versions.exact.length + (versions.lines ?? []).length === 0)
    return { meant: "unknown", because: "which versions are meant, is not said" };
  if ((versions.except ?? []).some((other) => isEqual(scheme, version, other)))
    return { meant: "no", because: `version ${version} is excepted` };
  return judgeSet(version, scheme, versions);
}

function judgeSet(version: string, scheme: VersionScheme, { exact, lines = [], ranges }: VersionSet): Meant {
  if (exact.includes(version)) return { meant: "yes", because: `version ${version} is listed` };
  const judged = [
    ...lines.map((line) => inLine(version, line)),
    ...ranges.map((range) => inRange(version, scheme, range)),
  ];
  const found =
    judged.find(({ meant }) => meant === "yes") ?? judged.find(({ meant }) => meant === "unknown");
  if (found?.meant === "yes") return found;
  // Long lists stand beside ranges that say the same, and are written as the system writes them.
  const isCompared = ranges.length === 0 || exact.length <= MAX_COMPARED;
  if (isCompared && exact.some((other) => isEqual(scheme, version, other)))
    return { meant: "yes", because: `version ${version} is listed` };
  return found ?? { meant: "no", because: `version ${version} is none of those that are meant` };
}

const isEqual = (scheme: VersionScheme, a: string, b: string): boolean =>
  a === b || compareVersions(scheme, a, b) === 0;

/** `3.11` is the line of 3.11.4, not of 3.1; of 3 alone nobody knows. */
function inLine(version: string, line: string): Meant {
  // An epoch is no part of what a line says.
  const parts = partsOf(version.replace(/^[0-9]+[:!]/, ""));
  const wanted = partsOf(line);
  if (parts === undefined || wanted === undefined)
    return version.trim().toLowerCase() === line.trim().toLowerCase()
      ? { meant: "yes", because: `version ${version} is of the line ${line}` }
      : { meant: "unknown", because: `whether version ${version} is of the line ${line} cannot be told` };
  const differs = wanted.findIndex((part, at) => stripZeros(part) !== stripZeros(parts[at] ?? "?"));
  if (differs < 0) return { meant: "yes", because: `version ${version} is of the line ${line}` };
  return differs >= parts.length
    ? {
        meant: "unknown",
        because: `version ${version} is too short to tell whether it is of the line ${line}`,
      }
    : { meant: "no", because: `version ${version} is not of the line ${line}` };
}

const stripZeros = (part: string): string => part.replace(/^0+(?=[0-9])/, "");

function inRange(version: string, scheme: VersionScheme, range: VersionRange): Meant {
  const { introduced, fixed, lastAffected } = range;
  // OSV: an introduced version 0 is before every other, in every scheme.
  const from = introduced === "0" ? undefined : introduced;
  const comparisons = [
    from === undefined ? "yes" : decide(scheme, version, from, (order) => order >= 0),
    fixed === undefined ? "yes" : decide(scheme, version, fixed, (order) => order < 0),
    lastAffected === undefined ? "yes" : decide(scheme, version, lastAffected, (order) => order <= 0),
  ];
  const said = describe(from, fixed, lastAffected);
  if (comparisons.includes("no")) return { meant: "no", because: `version ${version} is not ${said}` };
  if (comparisons.includes("unknown"))
    return { meant: "unknown", because: `whether version ${version} is ${said} cannot be told` };
  return { meant: "yes", because: `version ${version} is ${said}` };
}

function decide(
  scheme: VersionScheme,
  version: string,
  bound: string,
  holds: (order: number) => boolean,
): Meant["meant"] {
  const order = compareVersions(scheme, version, bound);
  if (order === undefined || isTooShort(scheme, version, bound)) return "unknown";
  return holds(order) ? "yes" : "no";
}

/** People write `18` for all of 18: against 18.12 it tells nothing. */
function isTooShort(scheme: VersionScheme, version: string, bound: string): boolean {
  if (scheme !== "generic") return false;
  const parts = partsOf(version) ?? [];
  const wanted = partsOf(bound) ?? [];
  return (
    parts.length === 1 &&
    wanted.length > 1 &&
    parts[0] === wanted[0] &&
    !/^0*$/.test(wanted.slice(1).join(""))
  );
}

function describe(from?: string, fixed?: string, last?: string): string {
  const parts = [
    ...(from === undefined ? [] : [`from ${from} on`]),
    ...(fixed === undefined ? [] : [`before ${fixed}`]),
    ...(last === undefined ? [] : [`up to ${last}`]),
  ];
  return parts.length === 0 ? "any version" : parts.join(" and ");
}
