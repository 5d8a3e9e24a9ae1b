/** How the systems of package URLs and of `vers` order their versions. Sources: purl-spec, types; ECMA-428. @module */

import type { VersionScheme } from "../naming.ts";

const SCHEMES: ReadonlyMap<string, VersionScheme> = new Map<string, VersionScheme>([
  ["npm", "semver"],
  ["semver", "semver"],
  ["cargo", "semver"],
  ["hex", "semver"],
  ["pub", "semver"],
  ["deb", "deb"],
  ["rpm", "rpm"],
  ["apk", "apk"],
  ["alpine", "apk"],
  ["pypi", "pep440"],
  ["maven", "maven"],
  ["nuget", "nuget"],
  ["gem", "gem"],
  ["golang", "go"],
  ["composer", "composer"],
]);

/** @param type - in lower case */
export const schemeOf = (type: string): VersionScheme => SCHEMES.get(type) ?? "generic";
