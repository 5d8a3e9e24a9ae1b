/** What the trials of the techniques came to, as tables. @module */

import { RISKS, type Risk } from "../quiet/compare.ts";
import { type Found, isFound, isQuiet, type Trial } from "./run.ts";
import type { Technique } from "./technique.ts";

export interface Totals {
  readonly trials: number;
  readonly failed: number;
  readonly found: number;
  /** Of those that could be tried. */
  readonly loudTwins: number;
  readonly techniques: number;
  /** Found wherever they could be tried. */
  readonly everywhere: number;
}

export function totalsOf(trials: readonly Trial[]): Totals {
  const tried = trials.filter(({ failure }) => failure === undefined);
  const techniques = [...new Set(trials.map(({ technique }) => technique))];
  return {
    trials: trials.length,
    failed: trials.length - tried.length,
    found: tried.filter(isFound).length,
    loudTwins: tried.filter(({ twin }) => !isQuiet(twin)).length,
    techniques: techniques.length,
    everywhere: techniques.filter((technique) => {
      const own = tried.filter((trial) => trial.technique === technique);
      return own.length > 0 && own.every(isFound);
    }).length,
  };
}

export function tablesOf(trials: readonly Trial[]): string {
  const totals = totalsOf(trials);
  const tried = totals.trials - totals.failed;
  const techniques = [...new Set(trials.map(({ technique }) => technique))];
  const parts = [
    "## Totals",
    [
      `- ${totals.everywhere} of ${totals.techniques} techniques were found in every release they were tried on.`,
      `- ${totals.found} of ${tried} trials found the attack; ${totals.failed} could not be tried.`,
      `- ${totals.loudTwins} of ${tried} twins were told as medium or worse.`,
    ].join("\n"),
    "## Techniques",
    table(
      ["technique", "shape", "found", "decisive finding", "its rank", "twin: highest risk"],
      techniques.map((technique) =>
        rowOf(
          technique,
          trials.filter((trial) => trial.technique === technique),
        ),
      ),
    ),
    rareOf(trials),
    "## What was missed, and what was too loud",
    problemsOf(trials),
  ];
  return `${parts.join("\n\n")}\n`;
}

function rowOf(technique: Technique, trials: readonly Trial[]): readonly string[] {
  const tried = trials.filter(({ failure }) => failure === undefined);
  const found = tried.filter(isFound);
  const decisive = [...new Set(found.flatMap(({ found: one }) => (one === undefined ? [] : [nameOf(one)])))];
  const ranks = found.flatMap(({ found: one }) => (one === undefined ? [] : [one.rank]));
  const twins = tried.map(({ twin }): Risk | "nothing" => twin?.risk ?? "nothing");
  return [
    `${technique.title} (\`${technique.id}\`)`,
    technique.shape,
    [BUILT, "real"].map((place) => ratioOf(tried, place)).join(", "),
    decisive.join("; "),
    rangeOf(ranks),
    `${worstOf(twins)}: ${technique.twinTitle}`,
  ];
}

/** What releases made in code are called; others have the names of packages. */
const BUILT = "built";

function ratioOf(tried: readonly Trial[], place: string): string {
  const own = tried.filter(({ subject }) => (subject === BUILT) === (place === BUILT));
  return `${place} ${own.filter(isFound).length} of ${own.length}`;
}

const LEAST_REAL = 3;

function rareOf(trials: readonly Trial[]): string {
  const counts = new Map<string, number>();
  for (const { technique, subject, failure } of trials)
    counts.set(
      technique.id,
      (counts.get(technique.id) ?? 0) + Number(subject !== BUILT && failure === undefined),
    );
  const rare = [...counts].filter(([, count]) => count < LEAST_REAL);
  return rare.length === 0
    ? `Each was tried on ${LEAST_REAL} real packages or more.`
    : `Tried on fewer than ${LEAST_REAL} real packages: ${rare.map(([id, count]) => `\`${id}\` (${count})`).join(", ")}.`;
}

const nameOf = ({ trait, rule, risk }: Found): string => `\`${trait}\` ${rule} (${risk})`;

function rangeOf(ranks: readonly number[]): string {
  if (ranks.length === 0) return "";
  const [least, most] = [Math.min(...ranks), Math.max(...ranks)];
  return least === most ? String(least) : `${least} to ${most}`;
}

const worstOf = (risks: readonly (Risk | "nothing")[]): Risk | "nothing" =>
  RISKS.find((risk) => risks.includes(risk)) ?? "nothing";

function problemsOf(trials: readonly Trial[]): string {
  const rows = trials.flatMap((trial): (readonly string[])[] => {
    const { technique, subject, failure, found, twin } = trial;
    if (failure !== undefined) return [[technique.id, subject, `could not be tried: ${failure}`]];
    const rows: (readonly string[])[] = [];
    if (!isFound(trial)) rows.push([technique.id, subject, `missed: ${told(found)}`]);
    if (!isQuiet(twin)) rows.push([technique.id, subject, `twin too loud: ${told(twin)}`]);
    return rows;
  });
  return rows.length === 0 ? "Nothing." : table(["technique", "release", "what"], rows);
}

const told = (found: Found | undefined): string =>
  found === undefined ? "nothing was told" : `${nameOf(found)}: ${found.because}`;

/** One line for the terminal. */
export function lineOf(trial: Trial): string {
  const name = `${trial.technique.id} on ${trial.subject}`;
  if (trial.failure !== undefined) return `${name}: could not be tried: ${trial.failure}`;
  const verdict = isFound(trial) ? "found" : "MISSED";
  const twin = isQuiet(trial.twin) ? "quiet" : "LOUD";
  return `${name}: ${verdict}, ${told(trial.found)} | twin ${twin}, ${told(trial.twin)}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll(/\s+/g, " ")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
