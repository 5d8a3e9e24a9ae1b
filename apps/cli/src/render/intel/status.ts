/** What is known, from whom and of when, as a table and as a document. @module */

import type { SourceStatus } from "@sallyport/intel";
import { counted, hang, printable, shortened } from "../text.ts";
import type { Screen } from "../verdict.ts";

const DAY_MILLISECONDS = 24 * 60 * 60_000;
const MAX_PARTS_SHOWN = 8;
const MAX_PROBLEM_LENGTH = 300;

export function statusDocument(statuses: readonly SourceStatus[]) {
  return {
    schema: "sallyport.intel-status/1",
    sources: statuses.map(({ source, snapshots, tries }) => ({
      id: source.id,
      title: source.title,
      answers: source.answers,
      authority: source.authority,
      licence: source.licence,
      staleAfterDays: source.staleAfterDays,
      isFetched: source.downloads !== undefined || source.choice !== undefined,
      chosen: tries.chosen,
      snapshots: snapshots.map(({ id, part, asOf, fetchedAt, checkedAt, isStale, rows, skipped, files }) => ({
        id,
        part,
        asOf,
        fetchedAt,
        checkedAt,
        isStale,
        rows,
        skippedRows: skipped,
        files,
      })),
      tries: tries.parts,
    })),
  } as const;
}

/** Sources that are here first; those that are not, with what to do. */
export function renderStatus(statuses: readonly SourceStatus[], now: Date, screen: Screen): string {
  const here = statuses.filter(({ snapshots }) => snapshots.length > 0);
  const missing = statuses.filter(({ snapshots }) => snapshots.length === 0);
  const width = Math.max(0, ...statuses.map(({ source }) => source.id.length));
  const lines = [
    ...(here.length === 0 ? ["nothing is known yet: every question about the world is left open"] : []),
    ...here.flatMap((status) => hereLines(status, { now, width, screen })),
    ...(missing.length === 0 ? [] : ["", screen.paint("bold", "not here, so what they know is not known:")]),
    ...missing.flatMap((status) => missingLines(status, { now, width, screen })),
  ];
  return `${lines.join("\n")}\n`;
}

interface Layout {
  readonly now: Date;
  readonly width: number;
  readonly screen: Screen;
}

function hereLines(status: SourceStatus, { now, width, screen }: Layout): readonly string[] {
  const { source, snapshots, tries } = status;
  const { paint, columns } = screen;
  const rows = snapshots.reduce((sum, one) => sum + one.rows, 0);
  const dates = snapshots.map(({ asOf }) => asOf).sort();
  const isStale = snapshots.some((one) => one.isStale);
  const skipped = snapshots.reduce((sum, one) => sum + one.skipped, 0);
  const [oldest = ""] = dates;
  const facts = [
    `${source.answers.join(", ")}: ${counted(rows, "fact")}`,
    `of ${oldest.slice(0, 10)} (${ageText(oldest, now)})`,
    ...(skipped > 0 ? [`${counted(skipped, "row")} left out`] : []),
    licenceText(source.licence),
  ].join("; ");
  const age = isStale ? paint("yellow", "stale") : paint("green", "fresh");
  const indent = " ".repeat(width + 9);
  return [
    ...hang(`${source.id.padEnd(width)}  ${age}  `, facts, columns + (age.length - 5), indent),
    ...partLines(status, indent, columns),
    ...(isStale ? [`${indent}${adviceFor(status, screen.program)}`] : []),
    ...problemLines(tries.parts, indent, columns),
  ];
}

function partLines({ snapshots }: SourceStatus, indent: string, columns: number): readonly string[] {
  const parts = snapshots.map(({ part }) => part).filter((part) => part !== "");
  if (parts.length === 0) return [];
  const shown = parts.slice(0, MAX_PARTS_SHOWN).map((part) => shortened(printable(part), 60));
  const more = parts.length > shown.length ? ` and ${parts.length - shown.length} more` : "";
  return hang(indent, `of it: ${shown.join(", ")}${more}`, columns);
}

function missingLines(status: SourceStatus, { width, screen }: Layout): readonly string[] {
  const { source, tries } = status;
  const indent = " ".repeat(width + 2);
  const first = `${source.id.padEnd(width)}  ${source.answers.join(", ")}`;
  const advice = adviceFor(status, screen.program);
  // To be copied: a command is not broken where the window ends.
  const fits = first.length + 2 + advice.length <= screen.columns;
  return [
    ...(fits ? [`${first}; ${advice}`] : [first, `${indent}${advice}`]),
    ...problemLines(tries.parts, indent, screen.columns),
  ];
}

function problemLines(
  parts: SourceStatus["tries"]["parts"],
  indent: string,
  columns: number,
): readonly string[] {
  return Object.entries(parts).flatMap(([part, { at, problem }]) => {
    if (problem === undefined) return [];
    const of = part === "" ? "" : ` of ${shortened(printable(part), 60)}`;
    const text = `the last try${of}, on ${at.slice(0, 10)}, changed nothing: ${shortened(printable(problem), MAX_PROBLEM_LENGTH)}`;
    return hang(indent, text, columns);
  });
}

/** What brings it here. */
function adviceFor({ source }: SourceStatus, program: string): string {
  if (source.choice !== undefined)
    return `${program} intel sync ${source.id}=${source.choice.example} (${source.choice.title})`;
  if (source.downloads !== undefined) return `${program} intel sync ${source.id}`;
  if (source.shipped !== undefined) return "it comes with the program";
  if (source.authority === "organisation") return `${program} intel add`;
  return `${program} intel import FILE, or intel sync ${source.id}=ADDRESS`;
}

export function ageText(date: string, now: Date): string {
  const days = Math.max(0, Math.floor((now.getTime() - Date.parse(date)) / DAY_MILLISECONDS));
  return days === 0 ? "today" : `${counted(days, "day")} old`;
}

const licenceText = (licence: string): string => shortened(licence, 80);
