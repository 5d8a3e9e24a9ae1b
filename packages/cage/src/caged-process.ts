/**
 * Starts a process of ours that handles hostile bytes, listens to it line by line, and ends it when it takes too much
 * or says what it should not. However it ends, the caller is told.
 * @module
 */

import { type ChildProcess, spawn } from "node:child_process";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { type JsonObject, WorldError } from "@sallyport/core";
import { findIsolation, nodeArguments } from "./isolation.ts";
import { LineReader } from "./line-reader.ts";
import { watchMemory } from "./memory-watch.ts";

/** Time for start-up and the last words, beyond what the work itself may take. */
const GRACE_MILLISECONDS = 5000;

/** Time to go away after the last word. Nothing more is heard of the process then, so nobody waits for it. */
const LEAVING_MILLISECONDS = 2000;

/** Behind standard input, output and errors. */
const FIRST_DESCRIPTOR = 3;

export interface CagedRun {
  readonly entry: URL;
  /** Further arguments for Node. */
  readonly nodeArguments?: readonly string[];
  /** Folders it may read beside its own code and its scratch folder. */
  readonly readableFolders?: readonly string[];
  /** One line, written to its standard input. */
  readonly request: string;
  /** What it finds open as 3 and up. */
  readonly descriptors: readonly number[];
  /**
   * Given what the process writes to one more descriptor behind those: bytes that are not lines. It has to be read to its end,
   * or the process waits and is waited for.
   */
  listen?(stream: Readable): void;
  readonly scratchFolder: string;
  readonly milliseconds: number;
  readonly maxMemoryBytes: number;
  /**
   * Told of each line.
   * @returns whether that was the last word
   * @throws anything when the line is not to be believed: the process is ended
   */
  hear(line: string): boolean;
  /** Asked after every piece that was heard: nothing more is read before what it hands out is settled. */
  keepUp?(): Promise<void> | undefined;
  /** Of everything it says; 512 Mi when left out. */
  readonly maxCharacters?: number;
}

/**
 * @returns why it was stopped; undefined when it had its last word and went
 * @throws WorldError `world.process` when it cannot be started
 */
export function runCaged(run: CagedRun): Promise<JsonObject | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<JsonObject | undefined>();
  const child = start(run);
  let stopped: JsonObject | undefined;
  const stop = (facts: JsonObject) => {
    stopped ??= facts;
    child.kill("SIGKILL");
  };
  let leaving: NodeJS.Timeout | undefined;
  let hasEnded = false;
  let isSentAway = false;
  const sendAway = () => {
    isSentAway = true;
    child.kill("SIGKILL");
  };
  const lines = new LineReader((line) => {
    hasEnded = run.hear(line);
    if (hasEnded) leaving ??= setTimeout(sendAway, LEAVING_MILLISECONDS);
  }, run.maxCharacters);
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    if (stopped !== undefined) return;
    try {
      lines.add(text);
    } catch {
      stop({ code: "parser.lied", limit: "" });
    }
    holdBack(child, run.keepUp?.());
  });
  const { milliseconds, maxMemoryBytes } = run;
  const timeUp = () => stop({ code: "artifact.over-limit", limit: "milliseconds", allowed: milliseconds });
  const timer = setTimeout(timeUp, Math.min(milliseconds + GRACE_MILLISECONDS, 2 ** 31 - 1));
  const memoryUp = () => stop({ code: "artifact.over-limit", limit: "memory", allowed: maxMemoryBytes });
  const stopWatch = watchMemory(child.pid ?? 0, maxMemoryBytes, memoryUp);
  child.on("error", (cause) =>
    reject(new WorldError("world.process", "a process for hostile bytes cannot be started", { cause })),
  );
  child.on("close", (code, signal) => {
    clearTimeout(timer);
    clearTimeout(leaving);
    stopWatch();
    // Whoever else ends it, even after its last word, has a reason that is not known here.
    const isDone = hasEnded && (code === 0 || isSentAway);
    if (stopped === undefined && !isDone)
      stopped = { code: "parser.ended", limit: "", how: signal ?? `exit code ${code}` };
    resolve(stopped);
  });
  return promise;
}

/** The process fills its pipe and waits there. */
function holdBack({ stdout }: ChildProcess, until: Promise<void> | undefined): void {
  if (until === undefined) return;
  stdout?.pause();
  void until.finally(() => stdout?.resume());
}

function start(run: CagedRun): ChildProcess {
  const { entry, descriptors, scratchFolder, request } = run;
  const node = [process.execPath, ...nodeArguments(run)];
  const [program = "", ...rest] = [...findIsolation().prefix, ...node, fileURLToPath(entry)];
  const child = spawn(program, rest, {
    cwd: scratchFolder,
    env: {},
    stdio: ["pipe", "pipe", "ignore", ...descriptors, ...(run.listen === undefined ? [] : ["pipe" as const])],
    windowsHide: true,
  });
  const channel = child.stdio[FIRST_DESCRIPTOR + descriptors.length];
  if (channel instanceof Readable) run.listen?.(channel);
  // A process that dies before it has read its request is seen by how it ends.
  child.stdin?.on("error", () => undefined);
  // Not ended: the process lives no longer than this pipe, and so no longer than we do.
  child.stdin?.write(`${request}\n`);
  return child;
}

/** In words: what took too much, or ended the process. */
export function explainStop(facts: JsonObject): string {
  if (facts.limit === "memory")
    return `needs more than the ${Math.floor(Number(facts.allowed) / 1024 ** 2)} MiB of memory it may have`;
  if (facts.limit === "milliseconds")
    return `takes longer than the ${Math.ceil(Number(facts.allowed) / 1000)} s it may take`;
  if (facts.code === "parser.lied") return "sent what no parser sends, and is not believed";
  return `ended before it was done (${String(facts.how)})`;
}
