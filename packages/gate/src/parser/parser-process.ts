/**
 * Starts the parser process, listens to it, and ends it when it takes too much. However it ends, that is
 * evidence about the artifact: a process that was killed has not opened everything, so the outcome is unknown.
 * @module
 */

import { explainStop } from "@sallyport/cage";
import { type Evidence, type JsonObject, WorldError } from "@sallyport/core";
import { type Antivirus, ScanReceiver } from "../antivirus/receiver.ts";
import type { Scanner, ScanResult } from "../antivirus/scan.ts";
import type { ArtifactMember } from "../artifact.ts";
import type { Parts } from "../components/finder.ts";
import { toEvidence } from "../descent/recorder.ts";
import { runGateProcess } from "./caged.ts";
import { type ParserMessage, readMessage } from "./message.ts";
import { encodeRequest, type ParserRequest } from "./request.ts";

/** The program of the parser process. */
const parserEntry = new URL(import.meta.url.endsWith(".ts") ? "./main.ts" : "./parser.js", import.meta.url);

/** The artifact is descriptor 3 there, and what was brought along follows it. */
export const FIRST_BROUGHT_DESCRIPTOR = 4;

export interface ParserRun {
  readonly request: ParserRequest;
  /** The artifact, open for reading. */
  readonly descriptor: number;
  /** What was brought along, open for reading, in the order in which the request numbers it. */
  readonly broughtDescriptors?: readonly number[];
  /** Who is handed the members that the process sends; its request says where it sends them. */
  readonly antivirus?: Antivirus;
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
  /** The antivirus that was asked about the members. */
  readonly scanner?: Scanner;
}

/**
 * Takes an artifact apart in a process of its own.
 * @throws WorldError `world.process` when it cannot be started, `world.changed` or `world.io` when it says so
 */
export async function runParser(run: ParserRun): Promise<ParserResult> {
  const { request, descriptor, broughtDescriptors = [], entry = parserEntry, maxMemoryBytes } = run;
  const hearing = new Hearing(run.onProgress);
  const receiver = run.antivirus && new ScanReceiver(run.antivirus);
  const stopped = await runGateProcess({
    entry,
    isPacked: entry === parserEntry,
    request: encodeRequest(withScan(run)),
    descriptors: [descriptor, ...broughtDescriptors],
    ...(receiver !== undefined && { listen: (stream) => receiver.listen(stream) }),
    scratchFolder: request.scratchFolder,
    milliseconds: request.limits.milliseconds,
    maxMemoryBytes,
    hear: (line) => {
      hearing.hear(readMessage(line));
      return hearing.ended;
    },
  });
  const wasEnded = stopped !== undefined && stopped.code !== "parser.ended";
  if (hearing.world !== undefined && !wasEnded) throw hearing.world;
  const scans = await receiver?.results();
  return {
    ...hearing.result(stopped, scans?.results),
    ...(scans !== undefined && { scanner: scans.scanner }),
  };
}

/** The pipe for members is the last descriptor. */
function withScan({ request, antivirus, broughtDescriptors = [] }: ParserRun): ParserRequest {
  if (antivirus === undefined) return request;
  const descriptor = FIRST_BROUGHT_DESCRIPTOR + broughtDescriptors.length;
  return { ...request, scan: { descriptor, maxBytes: antivirus.maxBytes } };
}

/** What was heard so far. */
class Hearing {
  readonly #onProgress: ParserRun["onProgress"];
  readonly #members = new Map<number, ArtifactMember>();
  readonly #parts = new Map<number, Parts[]>();
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
      case "parts": {
        const parts = this.#parts.get(message.index) ?? [];
        parts.push(message.parts);
        this.#parts.set(message.index, parts);
        return;
      }
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

  result(stopped: JsonObject | undefined, scans: ReadonlyMap<number, ScanResult> | undefined): ParserResult {
    const inOrder = [...this.#members].sort(([a], [b]) => a - b);
    const evidence =
      stopped === undefined ? this.#evidence : [...this.#evidence, toStopEvidence(stopped, this.#at)];
    const members = inOrder.map(([index, member]) => withParts(member, this.#parts.get(index) ?? []));
    const scanned = scans === undefined ? members : withScans(members, inOrder, scans);
    return { members: scanned, evidence, rootFormat: this.#rootFormat };
  }
}

/** The same bytes were sent once: what was said of them is said of every member that has them. */
function withScans(
  members: readonly ArtifactMember[],
  inOrder: readonly (readonly [number, ArtifactMember])[],
  scans: ReadonlyMap<number, ScanResult>,
): ArtifactMember[] {
  const bySha256 = new Map<string, ScanResult>();
  for (const [index, { path, sha256 }] of inOrder) {
    const scan = scans.get(index);
    if (scan !== undefined && path !== "") bySha256.set(sha256, scan);
  }
  return members.map((member, at) => {
    const scan = scans.get(inOrder[at]?.[0] ?? -1) ?? bySha256.get(member.sha256);
    return scan === undefined ? member : { ...member, scan };
  });
}

function withParts(member: ArtifactMember, parts: readonly Parts[]): ArtifactMember {
  const components = parts.flatMap((one) => one.components);
  const unlisted = parts.flatMap((one) => one.unlisted ?? []);
  const sightings = parts.flatMap((one) => one.sightings ?? []);
  const unsearched = parts.find((one) => one.unsearched !== undefined)?.unsearched;
  const identifiers = [...(member.identifiers ?? []), ...parts.flatMap((one) => one.identifiers ?? [])];
  return {
    ...member,
    ...(components.length > 0 && { components }),
    ...(unlisted.length > 0 && { unlisted }),
    ...(sightings.length > 0 && { sightings }),
    ...(unsearched !== undefined && { unsearched }),
    ...(identifiers.length > 0 && { identifiers }),
  };
}

function toStopEvidence(facts: JsonObject, path: string): Evidence {
  return toEvidence({ check: "opened", outcome: "unknown", because: sentence(facts), facts }, path);
}

const sentence = (facts: JsonObject): string =>
  facts.limit === ""
    ? `not opened: the parser process ${explainStop(facts)}`
    : `not opened: reading it ${explainStop(facts)}`;
