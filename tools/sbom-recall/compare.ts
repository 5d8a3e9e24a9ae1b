/** Two lists of packages side by side. @module */

import type { Case } from "./cases.ts";

export interface Row {
  readonly name: string;
  readonly enumeratedBy: string;
  readonly expected: number;
  readonly agreed: number;
  readonly missing: readonly string[];
  /** Of the kind that the other tool lists; libraries in binaries are no rows of `npm ls`. */
  readonly unexpected: readonly string[];
}

/** @param expected - `type/name@version`, as package URLs have them, without qualifiers */
export function compare(one: Case, expected: readonly string[], purls: readonly string[]): Row {
  const wanted = new Set(expected.map(plain));
  const found = new Set(purls.filter((purl) => purl.startsWith(`pkg:${one.type}/`)).map(plain));
  return {
    name: one.name,
    enumeratedBy: one.enumeratedBy,
    expected: wanted.size,
    agreed: wanted.intersection(found).size,
    missing: [...wanted.difference(found)].sort(),
    unexpected: [...found.difference(wanted)].sort(),
  };
}

/** Without qualifiers and in small letters: who writes what in capitals is not what is measured. */
const plain = (purl: string): string => decodeURIComponent(purl.replace(/[?#].*$/, "")).toLowerCase();

export function tableOf(rows: readonly Row[]): string {
  const sum = (count: (row: Row) => number) => rows.reduce((total, row) => total + count(row), 0);
  const [expected, agreed] = [sum((row) => row.expected), sum((row) => row.agreed)];
  const unexpected = sum((row) => row.unexpected.length);
  const lines = rows.map(
    (row) =>
      `| ${row.name} | ${row.enumeratedBy} | ${row.expected} | ${share(row.agreed, row.expected)} | ${share(row.agreed, row.agreed + row.unexpected.length)} |`,
  );
  return [
    "| package | enumerated by | lists | recall | precision |",
    "| --- | --- | --- | --- | --- |",
    ...lines,
    `| **${rows.length} packages** | | ${expected} | **${share(agreed, expected)}** | **${share(agreed, agreed + unexpected)}** |`,
    "",
  ].join("\n");
}

const share = (part: number, whole: number): string =>
  whole === 0 ? "-" : `${((100 * part) / whole).toFixed(1)} %`;
