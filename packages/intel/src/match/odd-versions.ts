/**
 * Products whose installers write another version than their makers speak of. Each row is a rule that the maker
 * documents; none of them makes a product match.
 * @module
 */

import type { Naming, VersionRange, VersionSet } from "../naming.ts";

interface OddVersion {
  /** The squashed name begins with it. */
  readonly product: string;
  readonly pattern: RegExp;
  readonly spell: (parts: readonly string[]) => string | undefined;
  /** Where that is written. */
  readonly document: string;
}

const ODD_VERSIONS: readonly OddVersion[] = [
  {
    product: "python",
    pattern: /^([0-9]+)\.([0-9]+)\.([0-9]{3,7})\.0$/,
    spell: ([major, minor, field = ""]) => {
      const stage = PYTHON_STAGES[field.slice(-3, -1)];
      const micro = field.slice(0, -3) || "0";
      return stage === undefined
        ? undefined
        : `${major}.${minor}.${micro}${stage && stage + field.slice(-1)}`;
    },
    document: "CPython, PC/python_ver_rc.h and Include/patchlevel.h: micro * 1000 + level * 10 + serial",
  },
  ...["java", "jre", "jdk"].map(
    (product): OddVersion => ({
      product,
      pattern: /^([5-8])\.0\.([0-9]{1,4})0(?:\.[0-9]+)?$/,
      spell: ([major, update]) => `${major}.0.${update}`,
      document: "JEP 223 and Oracle's installers: update 202 of Java 8 is 8.0.2020.8",
    }),
  ),
  {
    product: "workspace",
    pattern: /^([0-9]{2})\.([0-9]{1,2})\.([0-9]+(?:\.[0-9]+)*)$/,
    spell: ([year, month = "", patch]) => `${year}${month.padStart(2, "0")}.${patch}`,
    document: "Citrix Product Documentation, Workspace app: 2203.1 is 22.3.1",
  },
];

/** Level of `PY_RELEASE_LEVEL`, as it stands in tens: alpha 10, beta 11, candidate 12, final 15. */
const PYTHON_STAGES: Readonly<Record<string, string>> = { "10": "a", "11": "b", "12": "rc", "15": "" };

/**
 * Both sides as the maker speaks of them.
 * @param product - squashed, without its vendor
 */
export function spoken(
  version: string,
  versions: Naming["versions"],
  product: string,
): { readonly version: string; readonly versions: Naming["versions"] } {
  const odds = ODD_VERSIONS.filter((odd) => product.startsWith(odd.product));
  if (odds.length === 0) return { version, versions };
  const spell = (text: string): string => spellWith(odds, text);
  return { version: spell(version), versions: versions === "all" ? versions : spellSet(versions, spell) };
}

function spellSet(set: VersionSet, spell: (text: string) => string): VersionSet {
  return {
    ...set,
    ranges: set.ranges.map((range) => spellRange(range, spell)),
    exact: set.exact.map(spell),
    ...(set.except !== undefined && { except: set.except.map(spell) }),
  };
}

const spellRange = ({ introduced, fixed, lastAffected }: VersionRange, spell: (text: string) => string) => ({
  ...(introduced !== undefined && { introduced: spell(introduced) }),
  ...(fixed !== undefined && { fixed: spell(fixed) }),
  ...(lastAffected !== undefined && { lastAffected: spell(lastAffected) }),
});

function spellWith(odds: readonly OddVersion[], version: string): string {
  const text = version.trim();
  for (const { pattern, spell } of odds) {
    const [, ...parts] = pattern.exec(text) ?? [];
    const said = parts.length === 0 ? undefined : spell(parts);
    if (said !== undefined) return said;
  }
  return text;
}
