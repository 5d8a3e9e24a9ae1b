/**
 * Products whose installers write another version than their makers speak of. Each row is a rule that the maker
 * documents; none of them makes a product match.
 * @module
 */

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
    pattern: /^([0-9]{2})\.([0-9]{1,2})\.([0-9]+)(?:\.[0-9]+)*$/,
    spell: ([year, month = "", patch]) => `${year}${month.padStart(2, "0")}.${patch}`,
    document: "Citrix Product Documentation, Workspace app: 2203.1 is 22.3.1",
  },
];

/** Level of `PY_RELEASE_LEVEL`, as it stands in tens: alpha 10, beta 11, candidate 12, final 15. */
const PYTHON_STAGES: Readonly<Record<string, string>> = { "10": "a", "11": "b", "12": "rc", "15": "" };

/**
 * @param product - squashed, without its vendor
 * @param others - versions it will be measured by: a Citrix list that speaks of 22.3 is measured by 22.3
 */
export function spokenVersion(version: string, product: string, others: readonly string[]): string {
  const text = version.trim();
  for (const odd of ODD_VERSIONS) {
    if (!product.startsWith(odd.product)) continue;
    const [, ...parts] = odd.pattern.exec(text) ?? [];
    const spoken = parts.length === 0 ? undefined : odd.spell(parts);
    if (
      spoken !== undefined &&
      !others.some((other) => isSameKind(text, other) && !isSameKind(spoken, other))
    )
      return spoken;
  }
  return text;
}

/** As long a first number, and as many numbers or more: the same way of counting. */
function isSameKind(version: string, other: string): boolean {
  const [first = ""] = version.split(".", 1);
  const [otherFirst = ""] = other.split(/[._-]/, 1);
  const isLong = version.split(".").length > 3;
  return first.length === otherFirst.length && (!isLong || other.split(".").length > 3 || first.length === 2);
}
