/** Fetches the releases of the list and compares them, two pairs at a time. @module */

import { fetchDebian } from "./apt.ts";
import { type Comparison, compareFiles } from "./compare.ts";
import { fetchNpm } from "./fetch-npm.ts";
import { packAsar } from "./pack-asar.ts";
import type { PackageVersions } from "./pair.ts";

/** `forward`: the newer against the older; `reversed`: the other way round; `apart`: with one release left out. */
export const MODES = ["forward", "reversed", "apart"] as const;
export type Mode = (typeof MODES)[number];

export interface Result {
  readonly mode: Mode;
  readonly package: PackageVersions;
  readonly from: string;
  readonly to: string;
  /** Absent when the pair could not be compared at all. */
  readonly comparison?: Comparison;
  /** Why it could not. */
  readonly failure?: string;
}

interface Job {
  readonly mode: Mode;
  readonly package: PackageVersions;
  /** Places in the list of versions. */
  readonly from: number;
  readonly to: number;
}

/** Packages with two versions only have none that are apart. */
export function jobsOf(packages: readonly PackageVersions[], modes: readonly Mode[]): readonly Job[] {
  return modes.flatMap((mode) =>
    packages.flatMap((one): Job[] => {
      const last = one.versions.length - 1;
      if (mode === "apart" && last < 2) return [];
      const [from, to] = mode === "apart" ? [last - 2, last] : [last - 1, last];
      return [{ mode, package: one, ...(mode === "reversed" ? { from: to, to: from } : { from, to }) }];
    }),
  );
}

/**
 * @param tell - called with each result as it comes
 * @param until - no further pair is begun then, by the clock of `performance.now()`
 * @returns what was compared, in the order of the jobs
 */
export async function runJobs(
  jobs: readonly Job[],
  tell: (result: Result) => void,
  until = Number.POSITIVE_INFINITY,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const pending = jobs.entries();
  const work = async (): Promise<void> => {
    for (const [place, job] of pending) {
      if (performance.now() > until) return;
      const result = await runJob(job);
      results[place] = result;
      tell(result);
    }
  };
  await Promise.all([work(), work()]);
  return results.filter((result) => result !== undefined);
}

async function runJob(job: Job): Promise<Result> {
  const { mode, package: one } = job;
  const [from, to] = [one.versions[job.from]?.version ?? "", one.versions[job.to]?.version ?? ""];
  const result = { mode, package: one, from, to };
  try {
    const comparison = await compareFiles(await fileOf(one, job.from), await fileOf(one, job.to));
    return { ...result, comparison };
  } catch (error) {
    return { ...result, failure: error instanceof Error ? error.message : String(error) };
  }
}

/** @param place - in the list of the package's versions */
async function fileOf(one: PackageVersions, place: number): Promise<string> {
  if (one.registry === "debian") {
    const version = one.versions[place];
    if (version !== undefined) return fetchDebian(one.name, version);
  } else {
    const version = one.versions[place];
    if (version !== undefined) {
      const tarball = await fetchNpm(one.name, version);
      return one.group === "asar" ? packAsar(tarball, one.name, version.version) : tarball;
    }
  }
  throw new Error(`${one.name} has no such version`);
}
