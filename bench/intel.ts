/** What the world knows, by the million: witnesses imported and looked up, beside one table of plain SQLite. @module */

import { readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Run, runOnce } from "./measure.ts";
import type { Figure, Stage } from "./stage.ts";
import type { WitnessTimes } from "./witnesses-run.ts";

const ROWS = 10_000_000;
const LEAST_ROWS_PER_SECOND = 100_000;
const MOST_LOOKUP_MILLISECONDS = 5;
const MEBIBYTE = 1024 ** 2;
const MOST_BYTES = 500 * MEBIBYTE;
const SCRIPT = resolve(import.meta.dirname, "witnesses-run.ts");

export async function measureIntel({ folder }: Stage): Promise<readonly Figure[]> {
  const plain = await runWay(folder, "plain");
  const ours = await runWay(folder, "product");
  return [
    importFigure("import", ours.times.importSeconds, plain.times.importSeconds),
    importFigure("import again, nothing changed", ours.times.againSeconds ?? 0, plain.times.importSeconds),
    lookupFigure(ours.times, plain.times),
    {
      what: "memory: import and lookup among 10 million witnesses",
      ours: megabytes(ours.run),
      beside: `${megabytes(plain.run)}, one table of plain SQLite`,
      result: megabytes(ours.run),
      aim: "≤ 500 MiB",
      holds: ours.run.peakBytes <= MOST_BYTES,
    },
  ];
}

async function runWay(folder: string, way: "product" | "plain"): Promise<{ run: Run; times: WitnessTimes }> {
  const [database, result] = [join(folder, `${way}.db`), join(folder, `${way}.json`)];
  const command = { program: process.execPath, args: [SCRIPT, way, database, String(ROWS), result] };
  const run = await runOnce(command, { sampleMemory: true });
  for (const suffix of ["", "-wal", "-shm"]) rmSync(database + suffix, { force: true });
  return { run, times: JSON.parse(readFileSync(result, "utf8")) };
}

function importFigure(what: string, ours: number, plain: number): Figure {
  const perSecond = Math.round(ROWS / ours);
  return {
    what: `${what}: 10 million witnesses`,
    ours: `${ours.toFixed(0)} s`,
    beside: `${plain.toFixed(0)} s, one table of plain SQLite with an index`,
    result: `${perSecond.toLocaleString("en")} rows/s`,
    aim: "≥ 100,000 rows/s",
    holds: perSecond >= LEAST_ROWS_PER_SECOND,
  };
}

function lookupFigure(ours: WitnessTimes, plain: WitnessTimes): Figure {
  const shown = ({ medianMilliseconds, worstMilliseconds }: WitnessTimes) =>
    `${medianMilliseconds.toFixed(3)} ms, 1 in 100 above ${worstMilliseconds.toFixed(3)} ms`;
  return {
    what: "lookup by hash among 10 million witnesses",
    ours: shown(ours),
    beside: `${shown(plain)}, plain SQLite`,
    result: `${ours.medianMilliseconds.toFixed(3)} ms`,
    aim: "≤ 5 ms",
    holds: ours.medianMilliseconds <= MOST_LOOKUP_MILLISECONDS,
  };
}

const megabytes = ({ peakBytes }: Run): string => `${Math.round(peakBytes / MEBIBYTE)} MiB`;
