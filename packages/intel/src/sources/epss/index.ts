/**
 * How likely a vulnerability is to be exploited within 30 days, as FIRST estimates it each day.
 * Source: first.org/epss/data_stats; the file's own first line.
 * @module
 */

import type { ProbabilityFact } from "../../fact.ts";
import { FeedError } from "../../feed-error.ts";
import { instantOf, type Line, linesOf, refuse, rowOrSkip } from "../../reading/index.ts";
import type { IntelSource, ReadContext, SourceFile } from "../../source.ts";

const COLUMNS = "cve,epss,percentile";
const MAX_ROWS = 5_000_000;

export const epss: IntelSource = {
  id: "epss",
  title: "FIRST EPSS",
  answers: ["vulnerability"],
  document: "FIRST, EPSS data: epss_scores-YYYY-MM-DD.csv",
  licence: "free to use with attribution to FIRST (first.org/epss)",
  authority: "public",
  staleAfterDays: 14,
  onBadRow: "skip",
  downloads: [
    {
      name: "epss_scores-current.csv.gz",
      url: "https://epss.empiricalsecurity.com/epss_scores-current.csv.gz",
      maxBytes: 256 * 1024 * 1024,
    },
  ],
  recognises(name, head) {
    return /^epss_scores\b.*\.csv(\.gz)?$/i.test(name) || Buffer.from(head).includes("#model_version:");
  },
  async *read(files, context) {
    for (const file of files) yield* readScores(file, context);
  },
  async asOf(files, context) {
    const dates: string[] = [];
    for (const file of files)
      for await (const line of linesOf(file, context)) {
        const date = scoreDate(line, file.name);
        if (date !== undefined) dates.push(date);
        if (!line.text.startsWith("#")) break;
      }
    return dates.sort().at(-1);
  },
};

async function* readScores(file: SourceFile, context: ReadContext): AsyncGenerator<ProbabilityFact> {
  let hasHeader = false;
  let rowCount = 0;
  for await (const line of linesOf(file, context)) {
    const { text, number } = line;
    if (text === "" || text.startsWith("#")) continue;
    if (!hasHeader) {
      if (text !== COLUMNS) throw FeedError.at(`${file.name}:${number}`, `has to begin with ${COLUMNS}`);
      hasHeader = true;
      continue;
    }
    rowCount += 1;
    if (rowCount > MAX_ROWS)
      throw new FeedError("feed.over-limit", `${file.name}: holds more than ${MAX_ROWS} rows`);
    const fact = rowOrSkip({ file: file.name, line: number }, context, () => readScore(line));
    if (fact !== undefined) yield fact;
  }
  if (!hasHeader) throw FeedError.at(file.name, `holds no line ${COLUMNS}`, "feed.truncated");
}

function readScore({ text, isEnded }: Line): ProbabilityFact {
  const [cve = "", probability = "", percentile = "", ...more] = text.split(",");
  if (!/^CVE-\d{4}-\d{4,19}$/.test(cve)) refuse("cve", "is no CVE");
  // A number that is cut short is another number.
  if (!isEnded) refuse("row", "may be cut short: no line end follows it");
  if (more.length > 0) refuse("row", "has more than three columns");
  return {
    kind: "probability",
    cve,
    probability: share(probability, "epss"),
    percentile: share(percentile, "percentile"),
  };
}

/** `0.00043`, also `1e-05`. */
function share(text: string, name: string): number {
  const value = /^[01](\.\d{1,20})?(e-?\d{1,2})?$|^\d\.\d{1,20}e-\d{1,2}$/i.test(text)
    ? Number(text)
    : Number.NaN;
  return value >= 0 && value <= 1 ? value : refuse(name, "is no number between 0 and 1");
}

/** `#model_version:v2025.03.14,score_date:2026-05-18T00:00:00Z`, in earlier years with `+0000`. */
function scoreDate({ text, number }: Line, name: string): string | undefined {
  const found = /^#.*\bscore_date:([^,\s]{1,40})/.exec(text)?.[1];
  if (found === undefined) return undefined;
  return instantOf(found) ?? refuse(`${name}:${number}`, "has a score_date that is no date");
}
