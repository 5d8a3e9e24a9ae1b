/** What the runs over ordinary releases came to, as tables. @module */

import { aboveInfo, type Comparison } from "./compare.ts";
import { MODES, type Mode, type Result } from "./run.ts";

const TITLES: Readonly<Record<Mode, string>> = {
  forward: "Consecutive releases",
  reversed: "The same pairs, the newer first",
  apart: "Two releases apart",
};

interface Compared extends Result {
  readonly comparison: Comparison;
}

export interface Totals {
  readonly pairs: number;
  readonly failed: number;
  readonly refused: number;
  readonly held: number;
  /** Of those that were held. */
  readonly heldForHigh: number;
  readonly notCompared: number;
  readonly median: number;
  readonly mean: number;
  /** Of one pair. */
  readonly most: number;
}

export const isCompared = (result: Result): result is Compared => result.comparison !== undefined;
const isRefused = ({ comparison }: Compared): boolean => comparison.outcome === "refuse";
const isHeld = ({ comparison }: Compared): boolean => comparison.outcome === "hold";

export function totalsOf(results: readonly Result[]): Totals {
  const compared = results.filter(isCompared);
  const counts = compared.map(({ comparison }) => aboveInfo(comparison)).toSorted((a, b) => a - b);
  const middle = Math.floor(counts.length / 2);
  const upper = counts[middle] ?? 0;
  return {
    pairs: results.length,
    failed: results.length - compared.length,
    refused: compared.filter(isRefused).length,
    held: compared.filter(isHeld).length,
    heldForHigh: compared.filter((one) => isHeld(one) && one.comparison.counts.high > 0).length,
    notCompared: compared.filter(({ comparison }) => comparison.notCompared.length > 0).length,
    median: counts.length % 2 === 1 ? upper : (upper + (counts[middle - 1] ?? 0)) / 2,
    mean: counts.reduce((sum, count) => sum + count, 0) / Math.max(1, counts.length),
    most: counts.at(-1) ?? 0,
  };
}

/** How often each rule spoke above info, and in how many pairs; the most pairs first. */
export function rulesOf(results: readonly Result[]): readonly (readonly [string, number, number])[] {
  const rules = new Map<string, { pairs: Set<Result>; times: number }>();
  for (const result of results.filter(isCompared))
    for (const { trait, rule, risk } of result.comparison.differences) {
      if (risk === "info") continue;
      const key = `\`${trait}\` ${rule} (${risk})`;
      const entry = rules.get(key) ?? { pairs: new Set(), times: 0 };
      entry.pairs.add(result);
      entry.times += 1;
      rules.set(key, entry);
    }
  return [...rules]
    .map(([key, { pairs, times }]) => [key, pairs.size, times] as const)
    .toSorted((a, b) => b[1] - a[1] || b[2] - a[2] || (a[0] < b[0] ? -1 : 1));
}

/** One line for the terminal. */
export function lineOf(result: Result): string {
  const name = `${result.mode} ${result.package.name} ${result.from} → ${result.to}`;
  if (!isCompared(result)) return `${name}: ${result.failure}`;
  const { counts, seconds, notCompared, outcome } = result.comparison;
  const words = `${counts.critical} critical, ${counts.high} high, ${counts.medium} medium, ${counts.low} low, ${counts.info} info`;
  const holes = notCompared.length === 0 ? "" : `, ${notCompared.length} not compared`;
  return `${name}: ${outcome}, ${words}${holes}, ${seconds.toFixed(1)} s`;
}

export function tablesOf(results: readonly Result[]): string {
  const modes = MODES.filter((mode) => results.some((result) => result.mode === mode));
  const ofMode = (mode: Mode): readonly Result[] => results.filter((result) => result.mode === mode);
  const parts = [
    "## Totals",
    table(
      ["what", ...modes.map((mode) => TITLES[mode].toLowerCase())],
      totalRows(modes.map((mode) => totalsOf(ofMode(mode)))),
    ),
    ...modes.flatMap((mode) => [
      `## ${TITLES[mode]}`,
      table(
        ["package", "from", "to", "critical", "high", "medium", "low", "info", "files", "seconds"],
        ofMode(mode).map(rowOf),
      ),
      "What was told above info, by rule:",
      table(
        ["rule", "pairs", "times"],
        rulesOf(ofMode(mode)).map((row) => row.map(String)),
      ),
    ]),
  ];
  return `${parts.join("\n\n")}\n`;
}

function totalRows(totals: readonly Totals[]): readonly (readonly string[])[] {
  const rows: readonly (readonly [string, (one: Totals) => number])[] = [
    ["pairs", ({ pairs }) => pairs],
    ["could not be fetched or compared", ({ failed }) => failed],
    ["refused", ({ refused }) => refused],
    ["held, for whatever reason", ({ held }) => held],
    ["of them for a high difference", ({ heldForHigh }) => heldForHigh],
    ["with something not compared", ({ notCompared }) => notCompared],
    ["findings above info, median", ({ median }) => median],
    ["findings above info, mean", ({ mean }) => Math.round(mean * 100) / 100],
    ["findings above info, at most", ({ most }) => most],
  ];
  return rows.map(([name, value]) => [name, ...totals.map((one) => String(value(one)))]);
}

function rowOf(result: Result): readonly string[] {
  const head = [`\`${result.package.name}\``, result.from, result.to];
  if (!isCompared(result)) return [...head, result.failure ?? "", "", "", "", "", "", ""];
  const { counts, seconds } = result.comparison;
  const { critical, high, medium, low, info, members } = counts;
  return [...head, ...[critical, high, medium, low, info, members].map(String), seconds.toFixed(1)];
}

/** As Biome lays tables out, so that a run leaves the tree as a format run would. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [head, ...rows].map((row) =>
    row.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")),
  );
  const widths = head.map((_, column) => Math.max(3, ...cells.map((row) => [...(row[column] ?? "")].length)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - [...cell].length)).join(" | ")} |`;
  const [first = [], ...others] = cells;
  return [line(first), line(widths.map((width) => "-".repeat(width))), ...others.map(line)].join("\n");
}
