/**
 * Reads what a parser process wrote about a release (`study/portrait-writer.ts`): the members at once, what traits
 * observed in them when it is asked for, because most members are the same in both releases.
 * @module
 */

import { readSync } from "node:fs";
import { ArtifactError } from "@sallyport/core";
import type { ArtifactMember } from "../artifact.ts";
import type { Observations } from "../study/message.ts";
import { lookKey } from "../study/same-look.ts";
import type { Portrait, Release } from "../traits/trait.ts";

const PIECE_BYTES = 1024 * 1024;
const NEWLINE = 0x0a;
/** Beyond what a line of the writer can have. */
const MOST_LINE_BYTES = 64 * 1024 * 1024;

interface Line {
  readonly offsetBytes: number;
  readonly sizeBytes: number;
}

export class PortraitFile implements Release {
  readonly #descriptor: number;
  readonly #observations = new Map<number, Line>();
  readonly #sameAs = new Map<number, number>();
  readonly #byPath = new Map<string, StoredPortrait>();
  readonly #bySha256 = new Map<string, number>();
  readonly #earlier: PortraitFile | undefined;
  readonly members: readonly StoredPortrait[];

  /**
   * @param earlier - the other release: what stands in it as well may have been looked at only there
   * @throws {@link ArtifactError} `artifact.over-limit` when a line is longer than the writer's can be
   */
  constructor(descriptor: number, earlier?: PortraitFile) {
    this.#descriptor = descriptor;
    this.#earlier = earlier;
    const members: { index: number; member: ArtifactMember }[] = [];
    for (const { text, line } of readLines(descriptor)) {
      if (text.startsWith("M ")) members.push(JSON.parse(text.slice(2)));
      else if (text.startsWith("S ")) {
        const [, index = "", first = ""] = text.split(" ");
        this.#sameAs.set(Number(index), Number(first));
      } else if (text.startsWith("T ")) this.#observations.set(Number(text.slice(2).split(" ", 1)[0]), line);
    }
    members.sort((a, b) => a.index - b.index);
    this.members = members.map(({ index, member }) => new StoredPortrait(this, index, member));
    for (const portrait of this.members)
      if (!this.#byPath.has(portrait.member.path)) this.#byPath.set(portrait.member.path, portrait);
    for (const { index, member } of members)
      if (member.path !== "" && this.#observations.has(index)) this.#bySha256.set(lookKey(member), index);
  }

  get root(): StoredPortrait {
    const root = this.#byPath.get("");
    if (root === undefined)
      throw new ArtifactError("artifact.malformed", "the release was not read to its end");
    return root;
  }

  /** Whether anybody looked at anything: a release of which nothing was noted cannot be compared. */
  get isDrawn(): boolean {
    return this.#observations.size > 0 || (this.#earlier?.isDrawn ?? false);
  }

  byPath(path: string): StoredPortrait | undefined {
    return this.#byPath.get(path);
  }

  /** @returns what traits observed; undefined when nobody looked at the member */
  observations(index: number, member: ArtifactMember): Observations | undefined {
    const line = this.#observations.get(this.#sameAs.get(index) ?? index);
    if (line === undefined) return this.#earlier?.observationsOf(member);
    return this.#readObservations(line);
  }

  /** @returns what traits observed in these very bytes, wherever they stand */
  observationsOf(member: ArtifactMember): Observations | undefined {
    const line = this.#observations.get(this.#bySha256.get(lookKey(member)) ?? -1);
    return line && this.#readObservations(line);
  }

  #readObservations(line: Line): Observations {
    const bytes = Buffer.alloc(line.sizeBytes);
    readSync(this.#descriptor, bytes, 0, bytes.length, line.offsetBytes);
    const text = bytes.toString("utf8");
    return JSON.parse(text.slice(text.indexOf("{"))) as Observations;
  }
}

/** Keeps what it read as long as it is compared. */
export class StoredPortrait implements Portrait {
  readonly #file: PortraitFile;
  readonly #index: number;
  readonly member: ArtifactMember;
  #observations: WeakRef<Observations> | undefined;

  constructor(file: PortraitFile, index: number, member: ArtifactMember) {
    this.#file = file;
    this.#index = index;
    this.member = member;
  }

  value(traitId: string): unknown {
    return this.#read()?.values[traitId];
  }

  /** Why traits could not look at it, by their ids. */
  get problems(): Readonly<Record<string, string>> {
    return this.#read()?.problems ?? {};
  }

  #read(): Observations | undefined {
    const held = this.#observations?.deref();
    if (held !== undefined) return held;
    const observations = this.#file.observations(this.#index, this.member);
    if (observations !== undefined) this.#observations = new WeakRef(observations);
    return observations;
  }
}

function* readLines(descriptor: number): Generator<{ text: string; line: Line }> {
  let held: Buffer[] = [];
  let heldBytes = 0;
  let start = 0;
  for (let at = 0; ; ) {
    const piece = Buffer.allocUnsafe(PIECE_BYTES);
    const count = readSync(descriptor, piece, 0, PIECE_BYTES, at);
    if (count === 0) return;
    at += count;
    let from = 0;
    for (let end = piece.indexOf(NEWLINE); end >= 0 && end < count; end = piece.indexOf(NEWLINE, from)) {
      held.push(piece.subarray(from, end));
      heldBytes += end - from;
      // Only the beginning of what traits observed is looked at here.
      yield { text: beginningOf(held), line: { offsetBytes: start, sizeBytes: heldBytes } };
      start += heldBytes + 1;
      held = [];
      heldBytes = 0;
      from = end + 1;
    }
    held.push(piece.subarray(from, count));
    heldBytes += count - from;
    if (heldBytes > MOST_LINE_BYTES)
      throw new ArtifactError("artifact.over-limit", "a portrait is too large");
  }
}

const MARK_CHARACTERS = 32;

function beginningOf(pieces: readonly Buffer[]): string {
  const [first = Buffer.alloc(0)] = pieces;
  if (first.length >= MARK_CHARACTERS && first[0] === 0x54)
    return first.toString("latin1", 0, MARK_CHARACTERS);
  return Buffer.concat(pieces).toString("utf8");
}
