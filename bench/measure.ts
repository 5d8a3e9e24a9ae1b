/**
 * Runs whole processes one after the other and again, so that what else the machine does hits all of them, and
 * keeps the time and the memory of each: every process of the tree, sampled, since a peak belongs to one process.
 * @module
 */

import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Exit codes that are an answer; 0 when absent. */
  readonly expected?: readonly number[];
}

export interface Run {
  readonly seconds: number;
  /** Resident memory of all processes of the tree together, at its highest; 0 when it was not sampled. */
  readonly peakBytes: number;
}

/** @throws Error when it ends with a code that is no answer */
export async function runOnce(command: Command, options: { sampleMemory?: boolean } = {}): Promise<Run> {
  const { program, args, env = process.env, expected = [0] } = command;
  const started = performance.now();
  const child = spawn(program, args, { env, stdio: ["ignore", "ignore", "pipe"] });
  let told = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    told = (told + text).slice(-2000);
  });
  let peakBytes = 0;
  const look = () => {
    peakBytes = Math.max(peakBytes, treeBytes(child.pid ?? 0));
  };
  const timer = options.sampleMemory === true ? setInterval(look, SAMPLE_MILLISECONDS) : undefined;
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  clearInterval(timer);
  if (!expected.includes(code ?? -1))
    throw new Error(`${[program, ...args].join(" ")} ended with ${code}: ${told}`);
  return { seconds: (performance.now() - started) / 1000, peakBytes };
}

const SAMPLE_MILLISECONDS = 10;
const PAGE_BYTES = 4096;

/** Source: proc(5): field 4 of stat is the parent, the second number of statm the resident pages. */
function treeBytes(root: number): number {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const stat = readProcess(name, "stat");
    parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
  }
  const isOurs = (pid: number | undefined): boolean =>
    pid !== undefined && pid > 1 && (pid === root || isOurs(parents.get(pid)));
  return [...parents.keys()]
    .filter(isOurs)
    .reduce((sum, pid) => sum + Number(readProcess(String(pid), "statm").split(" ")[1] ?? 0) * PAGE_BYTES, 0);
}

/** Empty for a process that has just ended. */
function readProcess(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "latin1");
  } catch {
    return "";
  }
}

/** Each command once for the caches of the machine, then all of them in turn. @returns seconds, by command */
export async function interleave<Name extends string>(
  commands: Readonly<Record<Name, Command>>,
  rounds: number,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(commands) as Name[];
  const seconds = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, number[]>;
  for (const name of names) await runOnce(commands[name]);
  for (let round = 0; round < rounds; round += 1)
    for (const name of names) seconds[name].push((await runOnce(commands[name])).seconds);
  return seconds;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** What these figures were taken on. */
export function describeMachine(): string {
  const model = /^model name\s*:\s*(.+)$/m.exec(readProcess("", "cpuinfo"))?.[1] ?? process.arch;
  const load = readProcess("", "loadavg").split(" ")[0];
  return `${availableParallelism()} cores of ${model}, ${process.platform}, Node ${process.version}, load ${load} at the start`;
}
