/**
 * What a system lets a program do because its package or signature says so, in one shape for all systems.
 * @module
 */

/** - `apple-code`: entitlements and flags of a code signature; `apple-bundle`: an Info.plist
 *  - `windows-app`: an MSIX package; `windows-program`: the manifest inside a program
 *  - `android`, `snap`, `flatpak`, `browser-extension`: their manifests
 */
export type GrantKind =
  | "apple-code"
  | "apple-bundle"
  | "windows-app"
  | "windows-program"
  | "android"
  | "snap"
  | "flatpak"
  | "browser-extension";

export interface Grants {
  readonly kind: GrantKind;
  /** `name`, or `name: value` where the value says more than yes. Sorted, without repetition. */
  readonly granted: readonly string[];
  /** What holds the program back and would be missed: `hardened runtime`. Sorted. */
  readonly protections: readonly string[];
  /** Over all, when some were left out. */
  readonly isCut?: true;
}

const MAX_GRANTS = 2000;
const MAX_CHARACTERS = 300;

export function makeGrants(
  kind: GrantKind,
  granted: Iterable<string>,
  protections: Iterable<string> = [],
): Grants {
  const all = sorted(granted);
  return {
    kind,
    granted: all.slice(0, MAX_GRANTS),
    protections: sorted(protections).slice(0, MAX_GRANTS),
    ...(all.length > MAX_GRANTS && { isCut: true }),
  };
}

const sorted = (names: Iterable<string>): string[] =>
  [...new Set([...names].map((name) => name.slice(0, MAX_CHARACTERS)))].sort();
