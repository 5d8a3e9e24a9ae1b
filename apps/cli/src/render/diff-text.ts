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
const MAX_NAME_LENGTH = 160;
const MAX_EXCERPT_LENGTH = 200;
const MAX_EXCERPT_LINES = 6;

export function renderDiff(
  { before, after, comparison }: Compared,
  faults: readonly Evidence[],
  { paint, columns }: Screen,
): string {
  const width = Math.min(columns, 100);
  const { differences, notCompared, counts, sameProduct } = comparison;
  const lines = [
    ...hang("Old: ", describe(before), width),
    ...hang("New: ", describe(after), width),
    ...(sameProduct === false ? ["! These do not claim to be releases of one product."] : []),
    `${counts.changed} changed, ${counts.added} added, ${counts.removed} removed, ${counts.unchanged} unchanged`,
    "",
  ];
  for (const { path = "", because } of faults.slice(0, SHOWN.high))
    lines.push(...hang("x ", `${nameText(path)}${path === "" ? "" : ": "}${printable(because)}`, width));
  if (faults.length > SHOWN.high) lines.push(`x ${faults.length - SHOWN.high} more; --json shows all`);
  for (const { path, because } of notCompared.slice(0, SHOWN.high))
    lines.push(...hang("? ", `${nameText(path)}${path === "" ? "" : ": "}${printable(because)}`, width));
  for (const [risk, most] of Object.entries(SHOWN) as [Risk, number][]) {
    const found = differences.filter((difference) => difference.risk === risk);
    for (const difference of found.slice(0, most)) lines.push(...entry(difference, width, paint));
    if (found.length > most && most > 0) lines.push(`${risk}: ${found.length - most} more; --json shows all`);
  }
  const { info } = riskCounts(differences);
  const grave = differences.length - info;
  if (grave + notCompared.length + faults.length === 0)
    lines.push("Nothing but what an ordinary update brings.");
  if (info > 0) lines.push(`${info} ordinary changes; --json shows all`);
  return `${lines.join("\n")}\n`;

  function entry(difference: FoundDifference, wide: number, paintWith: typeof paint): string[] {
    const { risk, path, because, memberCount, oldPath } = difference;
    const where = path === "" ? "the artifact itself" : nameText(path);
    const more = memberCount > 1 ? ` and ${memberCount - 1} more` : "";
    const renamed = oldPath === undefined ? "" : ` (was ${nameText(oldPath)})`;
    const [first = "", ...rest] = hang(`${risk.toUpperCase().padEnd(8)} `, `${where}${more}${renamed}`, wide);
    return [
      first.replace(risk.toUpperCase(), paintWith([STYLE[risk], "bold"], risk.toUpperCase())),
      ...rest,
      ...hang("         ", printable(because), wide),
      ...excerpt("- ", difference.before),
      ...excerpt("+ ", difference.after),
    ];
  }
}

function excerpt(mark: string, shown: Excerpt | undefined): string[] {
  if (shown === undefined) return [];
  const place = shown.offsetBytes === undefined ? "" : `at ${shown.offsetBytes}: `;
  const lines = (shown.text ?? shown.hex?.replace(/(..)/g, "$1 ") ?? "").split("\n");
  return lines.slice(0, MAX_EXCERPT_LINES).map((line, index) => {
    const text = shortened(printable(line), MAX_EXCERPT_LENGTH);
    return `           ${mark}${index === 0 ? place : ""}${text}`;
  });
}

function describe({ subject, artifact }: Opening): string {
  const { format, sizeBytes, product, version, signers } = summarise(artifact);
  const parts = [subject.label, format, bytesText(sizeBytes), product, version, signers.join(", ")];
  return nameText(parts.filter((part) => part !== undefined && part !== "").join(" · "));
}

const nameText = (text: string): string => shortened(printable(text), MAX_NAME_LENGTH);
