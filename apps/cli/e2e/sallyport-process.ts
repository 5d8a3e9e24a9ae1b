/** Runs the command line as a person's shell does: a process, a home of its own, two streams, an exit code. @module */

import { type SpawnOptions, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const MAIN = resolve(import.meta.dirname, "../src/main.ts");
/** As the launcher does it. Node writes whole files there, so that several tests may share it. */
const COMPILED = resolve(import.meta.dirname, "../../../.cache/e2e-code");

export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Run as somebody else; only root can. */
  readonly uid?: number;
  /** Called once the process runs. */
  readonly onStart?: (pid: number) => void;
}

/** A folder for one test file: the home, and what the tests make beside it. */
export interface Place {
  readonly folder: string;
  readonly home: string;
  at(name: string): string;
  sallyport(...args: string[]): Promise<Run>;
  sallyportWith(options: RunOptions, ...args: string[]): Promise<Run>;
  remove(): Promise<void>;
}

export async function makePlace(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), "sallyport-e2e-"));
  const home = join(folder, "home");
  const sallyportWith = (options: RunOptions, ...args: string[]) => start(args, home, options);
  return {
    folder,
    home,
    at: (name) => join(folder, name),
    sallyport: (...args) => sallyportWith({}, ...args),
    sallyportWith,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

function start(args: readonly string[], home: string, options: RunOptions): Promise<Run> {
  const { promise, resolve: done, reject } = Promise.withResolvers<Run>();
  const { PATH = "", TMPDIR } = process.env;
  const settings: SpawnOptions = {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH,
      NODE_COMPILE_CACHE: COMPILED,
      ...(TMPDIR !== undefined && { TMPDIR }),
      HOME: home,
      SALLYPORT_HOME: home,
      ...options.env,
    },
    timeout: 280_000,
    ...(options.cwd !== undefined && { cwd: options.cwd }),
    ...(options.uid !== undefined && { uid: options.uid, gid: options.uid }),
  };
  const child = spawn(process.execPath, [MAIN, ...args], settings);
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name]?.setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
    });
  child.on("error", reject);
  child.on("close", (code) => done({ code, ...output }));
  if (child.pid !== undefined) options.onStart?.(child.pid);
  return promise;
}

/** The one document on stdout; anything beside it makes this throw. */
export const documentOf = ({ stdout }: Run): VerdictDocument => JSON.parse(stdout) as VerdictDocument;

/** What the tests read of a verdict document. */
export interface VerdictDocument {
  readonly schema: string;
  readonly verdict: string;
  readonly subject: { readonly kind: string; readonly id: string; readonly label: string };
  readonly artifact: {
    readonly format: string;
    readonly sizeBytes: number;
    readonly product?: string;
    readonly version?: string;
    readonly signers: readonly string[];
    readonly members: number;
  };
  readonly evidence: readonly {
    readonly source: string;
    readonly outcome: string;
    readonly path?: string;
    readonly because: string;
    readonly facts: Readonly<Record<string, unknown>>;
  }[];
  readonly notChecked: readonly { readonly source: string; readonly because: string }[];
  readonly reasons: readonly {
    readonly policy: string;
    readonly verdict: string;
    readonly because: string;
    readonly evidence: readonly number[];
  }[];
  readonly replay: { readonly withoutDefaults: readonly string[] };
  readonly receipt: Readonly<Record<string, unknown>>;
  readonly results: readonly VerdictDocument[];
}

/** The ids of the policies that decided. */
export const policiesOf = ({ reasons }: VerdictDocument): readonly string[] => [
  ...new Set(reasons.map(({ policy }) => policy)),
];
