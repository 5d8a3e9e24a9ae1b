/** What all processes of a run hold together, at its highest. @module */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { writeLargeProgram, writeLargeZip, writeSmallFilesZip } from "./inputs.ts";
import { median, runOnce } from "./measure.ts";
import { nodeForWindows } from "./program.ts";
import type { Figure, Stage } from "./stage.ts";

const MEBIBYTE = 1024 ** 2;
const MOST_BYTES = 350 * MEBIBYTE;
const ROUNDS = 3;

export async function measureMemory({ folder, sallyport }: Stage): Promise<readonly Figure[]> {
  const small = join(folder, "memory.zip");
  const zip = join(folder, "large.zip");
  const program = join(folder, "large.exe");
  const signed = await nodeForWindows();
  writeSmallFilesZip(small);
  await writeLargeZip(zip);
  writeLargeProgram(program, readFileSync(signed));
  const files = {
    "node.exe (90 MB, signed)": signed,
    "a zip of 3,000 small files": small,
    "a zip of one member of 2 GiB": zip,
    "a program of 2 GiB": program,
  };
  const figures: Figure[] = [];
  for (const [name, file] of Object.entries(files)) {
    const runs = [];
    for (let round = 0; round < ROUNDS; round += 1)
      runs.push(await runOnce(sallyport("check", file), { sampleMemory: true }));
    // Samples can miss a peak: the highest of the runs counts.
    const peakBytes = Math.max(...runs.map((run) => run.peakBytes));
    const seconds = median(runs.map((run) => run.seconds));
    figures.push({
      what: `memory of all processes: \`check\` of ${name}`,
      ours: `${Math.round(peakBytes / MEBIBYTE)} MiB in ${seconds.toFixed(1)} s`,
      beside: "–",
      result: `${Math.round(peakBytes / MEBIBYTE)} MiB`,
      aim: "≤ 350 MiB",
      holds: peakBytes <= MOST_BYTES,
    });
  }
  return figures;
}
