/** Which of two versions is the later one, in the order of their system. @module */

import type { VersionScheme } from "../../naming.ts";
import { compareApk } from "./apk.ts";
import { compareComposer } from "./composer.ts";
import { compareDeb } from "./deb.ts";
import { compareGem } from "./gem.ts";
import { compareGeneric } from "./generic.ts";
import { compareGo } from "./go.ts";
import { compareMaven } from "./maven.ts";
import { compareNuget } from "./nuget.ts";
import { comparePep440 } from "./pep440.ts";
import { compareRpm } from "./rpm.ts";
import { compareSemver } from "./semver.ts";

type Compare = (a: string, b: string) => number | undefined;

const SCHEMES: Readonly<Record<VersionScheme, Compare>> = {
  generic: compareGeneric,
  semver: compareSemver,
  deb: compareDeb,
  rpm: compareRpm,
  apk: compareApk,
  pep440: comparePep440,
  maven: compareMaven,
  nuget: compareNuget,
  gem: compareGem,
  go: compareGo,
  composer: compareComposer,
};

const MAX_CHARACTERS = 500;

/** @returns below 0, 0 or above 0; undefined when either is no version of that system, or they cannot be told apart */
export function compareVersions(scheme: VersionScheme, a: string, b: string): number | undefined {
  // Every system's versions hold a digit or a letter.
  if (!/[0-9a-z]/i.test(a) || !/[0-9a-z]/i.test(b)) return undefined;
  if (a.length > MAX_CHARACTERS || b.length > MAX_CHARACTERS) return undefined;
  return SCHEMES[scheme](a, b);
}
