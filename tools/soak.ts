/**
 * Long runs that look for what tests are too short to find: writers of the log that are killed, damaged files of
 * every format, checks that are killed. Ends with figures, or with the first promise that did not hold.
 *
 *     npm run soak -- --seconds 120
 *     npm run soak -- --only fuzz --inputs 100000 --seed 7
 * @module
 */

import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { resolve } from "node:path";
import { parseArgs } from "node:util";

const root = resolve(import.meta.dirname, "..");
/** A run that says nothing for this long hangs. */
const SILENCE_MILLISECONDS = 120_000;

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    seed: { type: "string", default: "1" },
    inputs: { type: "string" },
    only: { type: "string" },
  },
});
const seconds = ["--seconds", values.seconds];
const first = Number(values.seed);
/** Nothing may be written but below the temporary folder, as in the parser process; one process for each of two cores. */
const CAGE = ["--permission", "--allow-fs-read=*", `--allow-fs-write=${tmpdir()}`, "--no-warnings"];
const fuzz = (part: number): readonly string[] => [
  ...CAGE,
  "tools/soak/fuzz.ts",
  ...(values.inputs === undefined ? seconds : ["--inputs", String(Math.ceil(Number(values.inputs) / 2))]),
  ...["--seed", String(first + part), "--step", "2"],
];
const runs: Readonly<Record<string, readonly (readonly string[])[]>> = {
  writers: [["packages/ledger/soak/kill-writers.ts", ...seconds]],
  fuzz: [fuzz(0), fuzz(1)],
  checks: [["tools/soak/kill-checks.ts", ...seconds]],
};

let failed = false;
for (const [name, commands] of Object.entries(runs)) {
  if (values.only !== undefined && values.only !== name) continue;
  console.log(name);
  const codes = await Promise.all(commands.map(run));
  const holds = codes.every((code) => code === 0);
  failed ||= !holds;
  if (!holds) console.log(`${name}: failed`);
}
process.exitCode = failed ? 1 : 0;

function run(command: readonly string[]): Promise<number> {
  const isLedger = command.some((part) => part.includes("ledger"));
  const silence = SILENCE_MILLISECONDS + (isLedger ? Number(values.seconds) * 1000 : 0);
  const child = spawn(process.execPath, command, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
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
