/** What the techniques are tried on: releases made in code and real ones, fetched and unpacked once for a run. @module */

import type { PackageVersions } from "../quiet/pair.ts";
import { builtReleases } from "./built.ts";
import type { ReleaseKind } from "./release.ts";
import type { Subject } from "./run.ts";
import { readPackages } from "./select.ts";
import { realReleases } from "./unpack.ts";
import type { World } from "./world.ts";

const WANTED: Readonly<Record<ReleaseKind, (one: PackageVersions) => boolean>> = {
  windows: ({ group }) => group === "pe",
  installer: ({ group }) => group === "pe",
  macos: ({ group, name }) => group === "mach-o" && name.endsWith("arm64"),
  linux: ({ group, registry }) => group === "elf" && registry === "npm",
  javascript: ({ group, registry }) => group === "scripts" && registry === "npm",
  electron: ({ group }) => group === "asar",
  debian: ({ group, registry }) => group === "elf" && registry === "debian",
  python: ({ group, registry }) => group === "scripts" && registry === "debian",
};

/** @param on - `built`, `real` or `all` */
export async function subjectsOf(kind: ReleaseKind, on: string, world: World): Promise<readonly Subject[]> {
  const found: Subject[] = [];
  if (on !== "real") found.push({ name: "built", releases: await builtReleases(kind, world) });
  if (on === "built") return found;
  const packages = await readPackages();
  for (const one of packages.filter(WANTED[kind])) {
    const [before, after] = one.versions.slice(-2);
    const name = `${one.name} ${before?.version ?? "?"} → ${after?.version ?? "?"}`;
    try {
      found.push({ name, releases: await realReleases({ one, packages, kind, world }) });
    } catch (error) {
      found.push({ name, failure: error instanceof Error ? error.message : String(error) });
    }
  }
  return found;
}
