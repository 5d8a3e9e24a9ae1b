/**
 * What changed between two releases, on a screen of 80×24: the two, how much changed, then what a reviewer must look
 * at with the evidence to see it; what an ordinary update brings is counted.
 * @module
 */

import type { Evidence } from "@sallyport/core";
import type { Compared, Excerpt, FoundDifference, Opening, Risk } from "@sallyport/gate";
import { summarise } from "./artifact-summary.ts";
import { riskCounts } from "./diff-counts.ts";
import { bytesText, hang, printable, shortened } from "./text.ts";
import type { Screen } from "./verdict.ts";

const STYLE = {
  critical: "red",
  high: "red",
  medium: "yellow",
  low: "cyan",
  info: "dim",
} as const satisfies Record<Risk, string>;
/** So many findings of one risk are shown; the rest is counted. */
const SHOWN: Readonly<Record<Risk, number>> = { critical: 20, high: 10, medium: 8, low: 5, info: 0 };
const RISKS = ["critical", "high", "medium", "low"] as const;
const MAX_SENTENCES = 10;
const MAX_NAME_LENGTH = 160;
const MAX_EXCERPT_LENGTH = 200;
const MAX_EXCERPT_LINES = 6;

export function renderDiff(
  { before, after, comparison }: Compared,
  faults: readonly Evidence[],
  screen: Screen,
): string {
  const width = Math.min(screen.columns, 100);
  const { notCompared, counts, sameProduct } = comparison;
  const { changed, added, removed, unchanged } = counts;
  const lines = [
    ...hang("Old: ", describe(before), width),
    ...hang("New: ", describe(after), width),
    ...(sameProduct === false ? ["! These do not claim to be releases of one product."] : []),
    ...(isSameFile(before, after) ? ["The same file: both hold the same bytes."] : []),
    `${changed} changed, ${added} added, ${removed} removed, ${unchanged} unchanged`,
    "",
    ...sentences("x ", faults, width),
    ...sentences("? ", notCompared, width),
    ...RISKS.flatMap((risk) => findings(risk, comparison.differences, { ...screen, columns: width })),
    ...inAll({ before, after, comparison }, faults.length, width),
  ];
  return `${lines.join("\n")}\n`;
}

function sentences(
  mark: string,
  said: readonly { readonly path?: string; readonly because: string }[],
  width: number,
): string[] {
  const more = said.length - MAX_SENTENCES;
  return [
    ...said
      .slice(0, MAX_SENTENCES)
      .flatMap(({ path = "", because }) =>
        hang(mark, `${path === "" ? "" : `${nameText(path)}: `}${printable(because)}`, width),
      ),
    ...(more > 0 ? [`${mark}${more} more; --json shows all`] : []),
  ];
}

function findings(risk: Risk, differences: readonly FoundDifference[], screen: Screen): string[] {
  const found = differences.filter((difference) => difference.risk === risk);
  const most = SHOWN[risk];
  const more = most === 0 ? 0 : found.length - most;
  return [
    ...found.slice(0, most).flatMap((difference) => finding(difference, screen)),
    ...(more > 0 ? [`${risk}: ${more} more; --json shows all`] : []),
  ];
}

function finding(difference: FoundDifference, { columns, paint }: Screen): string[] {
  const { risk, path, because, memberCount, oldPath } = difference;
  const where = path === "" ? "the artifact itself" : nameText(path);
  const more = memberCount > 1 ? ` and ${memberCount - 1} more` : "";
  const renamed = oldPath === undefined ? "" : ` (was ${nameText(oldPath)})`;
  const label = risk.toUpperCase();
  const [first = "", ...rest] = hang(`${label.padEnd(8)} `, `${where}${more}${renamed}`, columns);
  return [
    first.replace(label, paint([STYLE[risk], "bold"], label)),
    ...rest,
    ...hang("         ", printable(because), columns),
    ...excerpt("- ", difference.before, columns),
    ...excerpt("+ ", difference.after, columns),
  ];
}

/** Last, where a screen stands still: how much of which risk there is, and where the rest is to be seen. */
function inAll(
  { before, after, comparison }: Compared,
  faultCount: number,
  width: number,
): readonly string[] {
  if (isSameFile(before, after)) return [];
  const { info, ...grave } = riskCounts(comparison.differences);
  const counts: readonly (readonly [number, string])[] = [
    [faultCount, "wrong with the new one"],
    [comparison.notCompared.length, "not compared"],
    ...RISKS.map((risk) => [grave[risk], risk] as const),
    [info, info === 1 ? "ordinary change" : "ordinary changes"],
  ];
  const told = counts.filter(([count]) => count > 0).map(([count, name]) => `${count} ${name}`);
  const isOrdinary = counts.slice(0, -1).every(([count]) => count === 0);
  return [
    ...(isOrdinary && comparison.sameProduct !== false
      ? ["Nothing but what an ordinary update brings."]
      : []),
    ...(told.length > 0 ? hang("", `${told.join(", ")}; --json and --html show all`, width) : []),
  ];
}

const isSameFile = (before: Opening, after: Opening): boolean =>
  before.artifact.root.sha256 === after.artifact.root.sha256;

function excerpt(mark: string, shown: Excerpt | undefined, columns: number): string[] {
  if (shown === undefined || (shown.text ?? shown.hex ?? "") === "") return [];
  const place = shown.offsetBytes === undefined ? "" : `at ${shown.offsetBytes}: `;
  const lines = (shown.text ?? shown.hex?.replace(/(..)/g, "$1 ") ?? "").split("\n");
  const more = lines.length - MAX_EXCERPT_LINES;
  return [
    ...lines.slice(0, MAX_EXCERPT_LINES).flatMap((line, index) => {
      const text = shortened(printable(line), MAX_EXCERPT_LENGTH);
      return hang(`${INDENT}${mark}`, `${index === 0 ? place : ""}${text}`, columns);
    }),
    ...(more > 0 ? [`${INDENT}${mark}… and ${more} more ${more === 1 ? "line" : "lines"}`] : []),
  ];
}

const INDENT = " ".repeat(11);

function describe({ subject, artifact }: Opening): string {
  const { format, sizeBytes, product, version, signers } = summarise(artifact);
  const parts = [subject.label, format, bytesText(sizeBytes), product, version, signers.join(", ")];
  return nameText(parts.filter((part) => part !== undefined && part !== "").join(" · "));
}

const nameText = (text: string): string => shortened(printable(text), MAX_NAME_LENGTH);
