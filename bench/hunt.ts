/** Past decisions asked again, beside reading them out of the log. @module */

import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { runOnce } from "./measure.ts";
import type { Figure, Stage } from "./stage.ts";

const DECISIONS = 100_000;
const MOST_SECONDS = 180;
const MEBIBYTE = 1024 ** 2;
const MOST_BYTES = 500 * MEBIBYTE;
const SCRIPT = resolve(import.meta.dirname, "hunt-run.ts");

export async function measureHunt({ folder, sallyport }: Stage): Promise<readonly Figure[]> {
  const file = join(folder, "judged.bin");
  writeFileSync(file, randomBytes(4096));
  const home = join(folder, "home-of-hunt");
  const inHome = (...args: readonly string[]) => {
    const command = sallyport(...args);
    return { ...command, env: { ...command.env, SALLYPORT_HOME: home } };
  };
  const script = (way: string) => ({
    program: process.execPath,
    args: [SCRIPT, way, home, String(DECISIONS)],
  });
  await runOnce(inHome("check", file));
  await runOnce(script("fill"));
  const reading = await runOnce(script("read"));
  const hunting = await runOnce(inHome("hunt"), { sampleMemory: true });
  const memory = Math.round(hunting.peakBytes / MEBIBYTE);
  return [
    {
      what: "hunt: 100,000 past decisions asked again",
      ours: `${hunting.seconds.toFixed(0)} s`,
      beside: `${reading.seconds.toFixed(0)} s, reading them out of the log`,
      result: `${hunting.seconds.toFixed(0)} s`,
      aim: "≤ 180 s",
      holds: hunting.seconds <= MOST_SECONDS,
    },
    {
      what: "memory: 100,000 past decisions asked again",
      ours: `${memory} MiB`,
      beside: "–",
      result: `${memory} MiB`,
      aim: "≤ 500 MiB",
      holds: hunting.peakBytes <= MOST_BYTES,
    },
  ];
}
