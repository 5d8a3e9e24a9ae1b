/** Runs `sallyport diff` as it is published, as a person would, and reads what it promises in JSON. @module */

import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { bundle } from "../bundle.ts";

/** Below the repository, where the packages are found that the bundle leaves outside. */
const CACHE = resolve(import.meta.dirname, "../../.cache/programs");

/** Bundled once for a run: it starts faster than the sources, and stays the same while they are worked on. */
let program: Promise<string> | undefined;

function makeReady(): Promise<string> {
  program ??= makeProgram();
  return program;
}

async function makeProgram(): Promise<string> {
  await mkdir(CACHE, { recursive: true });
  const folder = await mkdtemp(join(CACHE, "run-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  await bundle(folder);
  return join(folder, "npm/sallyport.js");
}

/** From the gravest on. */
export const RISKS = ["critical", "high", "medium", "low", "info"] as const;
export type Risk = (typeof RISKS)[number];

/** What is read of the document `sallyport.diff/1`. */
export interface Comparison {
  /** Differences by risk, and how many files there are in both releases together. */
  readonly counts: Readonly<Record<Risk | "members", number>>;
  readonly sameProduct: boolean;
  /** The gravest first. */
  readonly differences: readonly ComparedDifference[];
  readonly notCompared: readonly { readonly path: string; readonly because: string }[];
  /** What is wrong with the newer release alone. */
  readonly faults: readonly { readonly because: string; readonly path?: string }[];
  /** What the default policies would do, for whatever reason. */
  readonly outcome: Outcome;
  readonly seconds: number;
}

export type Outcome = "admit" | "hold" | "refuse";

export interface ComparedDifference {
  readonly trait: string;
  readonly rule: string;
  readonly risk: Risk;
  readonly because: string;
  readonly path: string;
  readonly paths?: readonly string[];
}

/** How `diff` may end; it holds as well what it could not compare, another product, and a fault that is new. */
const OUTCOMES: ReadonlyMap<number, Outcome> = new Map([
  [0, "admit"],
  [10, "hold"],
  [20, "refuse"],
]);

/** @throws Error when the program ends in another way */
export async function compareFiles(before: string, after: string): Promise<Comparison> {
  const home = await mkdtemp(join(tmpdir(), "compare-"));
  try {
    await makeReady();
    const started = performance.now();
    const { code, output, complaints } = await runProgram(["diff", before, after, "--json"], home);
    const seconds = (performance.now() - started) / 1000;
    const outcome = OUTCOMES.get(code);
    if (outcome === undefined) throw new Error(`diff ended with ${code}: ${complaints.trim().slice(0, 400)}`);
    return { ...(JSON.parse(output) as Omit<Comparison, "seconds" | "outcome">), outcome, seconds };
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

interface End {
  readonly code: number;
  readonly output: string;
  readonly complaints: string;
}

async function runProgram(args: readonly string[], home: string): Promise<End> {
  const env = { ...process.env, SALLYPORT_HOME: home };
  const child = spawn(process.execPath, [await makeReady(), ...args], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let complaints = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaints += text;
  });
  return new Promise((done, fail) => {
    child.on("error", fail);
    child.on("close", (code) => done({ code: code ?? -1, output, complaints }));
  });
}

/** @returns how many are worse than info */
export const aboveInfo = ({ counts }: Comparison): number =>
  counts.critical + counts.high + counts.medium + counts.low;
