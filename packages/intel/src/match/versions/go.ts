/**
 * Modules are SemVer with a `v`; the toolchain writes `go1.21rc2`, and the vulnerability database that as `1.21.0-rc.2`.
 * Source: Go Modules Reference, Versions; go.dev/doc/toolchain, Go versions
 * @module
 */

import { compareSemver } from "./semver.ts";

const TOOLCHAIN = /^(?:go)?([0-9]+)\.([0-9]+)(?:\.([0-9]+))?(?:(rc|beta)([0-9]+))?(?:[-+ ].*)?$/;

export const compareGo = (a: string, b: string): number | undefined =>
  compareSemver(moduleVersion(a), moduleVersion(b));

function moduleVersion(version: string): string {
  const text = version.trim();
  const toolchain = TOOLCHAIN.exec(text);
  if (toolchain === null || !(text.startsWith("go") || toolchain[4] !== undefined)) return text;
  const [, major, minor, patch = "0", kind, number] = toolchain;
  return `${major}.${minor}.${patch}${kind === undefined ? "" : `-${kind}.${number}`}`;
}
