/**
 * Starts the parser process, listens to it, and ends it when it takes too much. However it ends, that is
 * evidence about the artifact: a process that was killed has not opened everything, so the outcome is unknown.
 * @module
 */

import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type Evidence, type JsonObject, WorldError } from "@sallyport/core";
import type { ArtifactMember } from "../artifact.ts";
import { toEvidence } from "../descent/recorder.ts";
import { besideCompileCache, findCodePack, playArguments } from "./code-pack.ts";
import { findIsolation, nodeArguments, parserEntry } from "./isolation.ts";
import { LineReader } from "./line-reader.ts";
import { watchMemory } from "./memory-watch.ts";
import { type ParserMessage, readMessage } from "./message.ts";
import { encodeRequest, type ParserRequest } from "./request.ts";

/** Time for start-up and the last words, beyond what the descent itself may take. */
const GRACE_MILLISECONDS = 5000;

/** Time to go away after the last word. Nothing more is heard of the process then, so nobody waits for it. */
const LEAVING_MILLISECONDS = 2000;

/** The artifact is descriptor 3 there, and what was brought along follows it. */
export const FIRST_BROUGHT_DESCRIPTOR = 4;

export interface ParserRun {
  readonly request: ParserRequest;
  /** The artifact, open for reading. */
  readonly descriptor: number;
  /** What was brought along, open for reading, in the order in which the request numbers it. */
  readonly broughtDescriptors?: readonly number[];
  readonly maxMemoryBytes: number;
  readonly onProgress?: (doneBytes: number, path: string) => void;
  /** Another program; for tests of the isolation itself. */
  readonly entry?: URL;
}

export interface ParserResult {
  /** In the order they were met, the artifact itself first when it was finished. */
  readonly members: readonly ArtifactMember[];
  readonly evidence: readonly Evidence[];
  /** What the artifact was recognised as, also when it was not finished. */
  readonly rootFormat: string | undefined;
}

/**
 * Takes an artifact apart in a process of its own.
 * @throws WorldError `world.process` when it cannot be started, `world.changed` or `world.io` when it says so
 */
export function runParser(run: ParserRun): Promise<ParserResult> {
  const { promise, resolve, reject } = Promise.withResolvers<ParserResult>();
  const child = start(run);
  const hearing = new Hearing(run.onProgress);
  let stopped: JsonObject | undefined;
  const stop = (facts: JsonObject) => {
    stopped ??= facts;
    child.kill("SIGKILL");
  };
  let leaving: NodeJS.Timeout | undefined;
  let isSentAway = false;
  const sendAway = () => {
    isSentAway = true;
    child.kill("SIGKILL");
  };
  const lines = new LineReader((line) => {
    hearing.hear(readMessage(line));
    if (hearing.ended) leaving ??= setTimeout(sendAway, LEAVING_MILLISECONDS);
  });
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    if (stopped !== undefined) return;
    try {
      lines.add(text);
    } catch {
      stop({ code: "parser.lied", limit: "" });
    }
  });
  const { milliseconds } = run.request.limits;
  const timeUp = () => stop({ code: "artifact.over-limit", limit: "milliseconds", allowed: milliseconds });
  const timer = setTimeout(timeUp, Math.min(milliseconds + GRACE_MILLISECONDS, 2 ** 31 - 1));
  const memoryUp = () => stop({ code: "artifact.over-limit", limit: "memory", allowed: run.maxMemoryBytes });
  const stopWatch = watchMemory(child.pid ?? 0, run.maxMemoryBytes, memoryUp);
  child.on("error", (cause) =>
    reject(new WorldError("world.process", "the parser process cannot be started", { cause })),
  );
  child.on("close", (code, signal) => {
    clearTimeout(timer);
    clearTimeout(leaving);
    stopWatch();
    if (stopped === undefined && hearing.world !== undefined) return reject(hearing.world);
    // Whoever else ends it, even after its last word, has a reason that is not known here.
    const isDone = hearing.ended && (code === 0 || isSentAway);
    if (stopped === undefined && !isDone)
      stopped = { code: "parser.ended", limit: "", how: signal ?? `exit code ${code}` };
    resolve(hearing.result(stopped));
  });
  return promise;
}

function start(run: ParserRun): ChildProcess {
  const { request, descriptor, broughtDescriptors = [], maxMemoryBytes, entry = parserEntry } = run;
  const code = entry === parserEntry ? findCodePack(besideCompileCache()) : undefined;
  const node = [process.execPath, ...nodeArguments(request.scratchFolder, maxMemoryBytes)];
  if (code !== undefined) node.push(...playArguments(code));
  const [program = "", ...rest] = [...findIsolation().prefix, ...node, fileURLToPath(entry)];
  const child = spawn(program, rest, {
    cwd: request.scratchFolder,
    env: {},
    stdio: ["pipe", "pipe", "ignore", descriptor, ...broughtDescriptors],
    windowsHide: true,
  });
  // A process that dies before it has read its request is seen by how it ends.
  child.stdin?.on("error", () => undefined);
  // Not ended: the process lives no longer than this pipe, and so no longer than we do.
  child.stdin?.write(`${encodeRequest(request)}\n`);
  return child;
}

/** What was heard so far. */
class Hearing {
  readonly #onProgress: ParserRun["onProgress"];
  readonly #members = new Map<number, ArtifactMember>();
  readonly #evidence: Evidence[] = [];
  #at = "";
  #rootFormat: string | undefined;
  world: WorldError | undefined;
  ended = false;

  constructor(onProgress: ParserRun["onProgress"]) {
    this.#onProgress = onProgress;
  }

  hear(message: ParserMessage): void {
    if (this.ended) throw new Error("the parser process went on after its end");
    switch (message.type) {
      case "at":
        this.#at = message.path;
        this.#onProgress?.(message.doneBytes, message.path);
        return;
      case "recognised":
        this.#at = message.path;
        if (message.path === "") this.#rootFormat ??= message.format;
        return;
      case "member":
        if (this.#members.has(message.index)) throw new Error("the parser process told of a member twice");
        this.#members.set(message.index, message.member);
        return;
      case "evidence":
        this.#evidence.push(message.evidence);
        return;
      case "world":
        this.world = new WorldError(message.code, message.message);
        return;
      case "end":
        this.ended = true;
    }
  }

  result(stopped: JsonObject | undefined): ParserResult {
    const inOrder = [...this.#members].sort(([a], [b]) => a - b);
    const evidence =
      stopped === undefined ? this.#evidence : [...this.#evidence, toStopEvidence(stopped, this.#at)];
    return { members: inOrder.map(([, member]) => member), evidence, rootFormat: this.#rootFormat };
  }
}

function toStopEvidence(facts: JsonObject, path: string): Evidence {
  return toEvidence({ check: "opened", outcome: "unknown", because: explainStop(facts), facts }, path);
}

function explainStop(facts: JsonObject): string {
  if (facts.limit === "memory")
    return `not opened: reading it needs more than the ${Math.floor(Number(facts.allowed) / 1024 ** 2)} MiB of memory it may have`;
  if (facts.limit === "milliseconds")
    return `not opened: reading it takes longer than the ${Math.ceil(Number(facts.allowed) / 1000)} s it may take`;
  if (facts.code === "parser.lied")
    return "not opened: the parser process sent what no parser sends, and is not believed";
  return `not opened: the parser process ended before it was done (${String(facts.how)})`;
}
