/** Tries a technique and its twin on one pair of releases, through `diff` as a person would run it. @module */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type ComparedDifference,
  type Comparison,
  compareFiles,
  RISKS,
  type Risk,
} from "../quiet/compare.ts";
import { packRelease } from "./pack.ts";
import type { Release } from "./release.ts";
import type { Releases, Technique } from "./technique.ts";
import type { World } from "./world.ts";

export interface Trial {
  readonly technique: Technique;
  /** `built`, or the package's name and its two versions. */
  readonly subject: string;
  /** The gravest difference that the attack alone brought. Absent when there was none. */
  readonly found?: Found;
  /** The gravest that the twin alone brought. */
  readonly twin?: Found;
  /** Why it could not be tried there. */
  readonly failure?: string;
}

export interface Found extends ComparedDifference {
  /** Its place in the whole list of differences, from 1. */
  readonly rank: number;
}

/** What a release before and after must be compared to: the ordinary update itself. */
export interface Subject {
  readonly name: string;
  readonly releases?: Releases;
  /** Why there are no releases. */
  readonly failure?: string;
  /** Of the releases as they are, once it is known. */
  plain?: Promise<Comparison>;
}

export async function tryTechnique(technique: Technique, subject: Subject, world: World): Promise<Trial> {
  const { releases } = subject;
  if (releases === undefined) return { technique, subject: subject.name, failure: subject.failure ?? "" };
  const folder = await mkdtemp(join(tmpdir(), "technique-"));
  try {
    const { before, after } = prepared(technique, releases, world);
    const old = await packRelease(before, folder);
    const compareTo = async (release: Release): Promise<Comparison> =>
      compareFiles(old, await packRelease(release, folder));
    const plain = await plainOf(technique, subject, () => compareTo(after));
    const attack = await compareTo(await technique.attack({ before, after }, world));
    const twin = await compareTo(await technique.twin({ before, after }, world));
    const [found, other] = [gravestOf(attack, plain), gravestOf(twin, plain)];
    return {
      technique,
      subject: subject.name,
      ...(found === undefined ? {} : { found }),
      ...(other === undefined ? {} : { twin: other }),
    };
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error);
    return { technique, subject: subject.name, failure };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The same for every technique that takes the releases as they are. */
function plainOf(
  technique: Technique,
  subject: Subject,
  compare: () => Promise<Comparison>,
): Promise<Comparison> {
  if (technique.prepare !== undefined || technique.newerFirst === true) return compare();
  subject.plain ??= compare();
  return subject.plain;
}

function prepared(technique: Technique, releases: Releases, world: World): Releases {
  const { before, after } = releases;
  const [first, second] = technique.newerFirst === true ? [after, before] : [before, after];
  const prepare = (release: Release): Release => technique.prepare?.(release, world) ?? release;
  return { before: prepare(first), after: prepare(second) };
}

/** The differences are ranked: the first that the ordinary update did not bring is the gravest. */
function gravestOf(comparison: Comparison, plain: Comparison): Found | undefined {
  const known = new Set(plain.differences.map(keyOf));
  const index = comparison.differences.findIndex((one) => !known.has(keyOf(one)));
  const difference = comparison.differences[index];
  return difference === undefined ? undefined : { ...difference, rank: index + 1 };
}

const keyOf = ({ trait, rule, risk, path, because }: ComparedDifference): string =>
  [trait, rule, risk, path, because].join("\0");

/** Low, info or nothing at all. */
export const isQuiet = (found: Found | undefined): boolean =>
  found === undefined || isAtMost(found.risk, "low");

export const isFound = ({ technique, found }: Trial): boolean =>
  found !== undefined && isAtLeast(found.risk, technique.least);

const isAtLeast = (risk: Risk, least: Risk): boolean => RISKS.indexOf(risk) <= RISKS.indexOf(least);
const isAtMost = (risk: Risk, most: Risk): boolean => RISKS.indexOf(risk) >= RISKS.indexOf(most);
