/**
 * Long runs that look for what tests are too short to find: writers of the log that are killed, damaged files of
 * every format, checks that are killed. Ends with figures, or with the first promise that did not hold.
 *
 *     npm run soak -- --seconds 120
 *     npm run soak -- --only fuzz --seconds 600 --seed 7
 * @module
 */

import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { parseArgs } from "node:util";

const root = resolve(import.meta.dirname, "..");
/** A run that says nothing for this long hangs. */
const SILENCE_MILLISECONDS = 120_000;

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    seed: { type: "string", default: "1" },
    only: { type: "string" },
  },
});
const seconds = ["--seconds", values.seconds];
const runs: Readonly<Record<string, readonly string[]>> = {
  writers: ["packages/ledger/soak/kill-writers.ts", ...seconds],
  fuzz: ["tools/soak/fuzz.ts", ...seconds, "--seed", values.seed],
  checks: ["tools/soak/kill-checks.ts", ...seconds],
};

let failed = false;
for (const [name, command] of Object.entries(runs)) {
  if (values.only !== undefined && values.only !== name) continue;
  console.log(`${name}: ${values.seconds} s`);
  const code = await run(command);
  failed ||= code !== 0;
  if (code !== 0) console.log(`${name}: failed`);
}
process.exitCode = failed ? 1 : 0;

function run([file = "", ...args]: readonly string[]): Promise<number> {
  const silence = SILENCE_MILLISECONDS + Number(values.seconds) * 1000 * Number(file.includes("ledger"));
  const child = spawn(process.execPath, [resolve(root, file), ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const hang = () => {
    console.log("has said nothing for two minutes and is ended");
    child.kill("SIGKILL");
  };
  let timer = setTimeout(hang, silence);
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    clearTimeout(timer);
    timer = setTimeout(hang, silence);
    process.stdout.write(text);
  });
  return new Promise((done) => {
    child.on("close", (code) => {
      clearTimeout(timer);
      done(code ?? 1);
    });
  });
}
