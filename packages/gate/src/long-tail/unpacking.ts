/**
 * What 7-Zip unpacks, as it unpacks it: `7zz x -so` writes all files one after the other to its output and, between
 * them, their names to its log. The program waits whenever nobody reads on. Source: 7-Zip 24.09, ExtractCallbackConsole.cpp.
 * @module
 */

import { ArtifactError, type ByteSource } from "@sallyport/core";
import type { OpenContext } from "../formats/format.ts";
import { Handover } from "./handover.ts";
import type { ListedEntry } from "./listing.ts";
import { UnpackingLog } from "./log.ts";
import { runSevenZip } from "./run.ts";

export type UnpackingEvent =
  | { readonly kind: "begin"; readonly name: string }
  | { readonly kind: "data"; readonly bytes: Uint8Array }
  | { readonly kind: "problem"; readonly text: string };

/** A program that waits for a password would wait for ever; this one is as wrong as any. */
const WRONG_PASSWORD = "-p*";

/** Exit codes above this are errors. */
const WARNINGS = 1;

class Abandoned extends Error {}

export class Unpacking {
  readonly #selection: readonly string[];
  readonly #entries: readonly ListedEntry[];
  readonly #source: ByteSource;
  readonly #context: OpenContext;
  #handover: Handover<UnpackingEvent> | undefined;
  /** Entries that began so far. */
  #begun = 0;
  /** What 7-Zip unpacks is not what it lists: nothing more of it is believed. */
  #isBroken = false;

  constructor(
    source: ByteSource,
    context: OpenContext,
    {
      selection,
      entries,
    }: { readonly selection: readonly string[]; readonly entries: readonly ListedEntry[] },
  ) {
    this.#source = source;
    this.#context = context;
    this.#selection = selection;
    this.#entries = entries;
  }

  /**
   * The content of the entry at `index` of the list. In the list's order everything is unpacked once; whoever goes back
   * has it all unpacked again.
   * @throws {@link ArtifactError} for what 7-Zip says of it, and for sizes other than the listed one
   */
  async *content(index: number): AsyncGenerator<Uint8Array> {
    const handover = await this.#seek(index);
    const claimed = this.#entries[index]?.sizeBytes;
    let sizeBytes = 0;
    let problem: string | undefined;
    for (let event = await handover.peek(); event !== undefined; event = await handover.peek()) {
      if (event.kind === "begin") break;
      this.#take(handover, event);
      if (event.kind === "problem") problem ??= event.text;
      else {
        sizeBytes += event.bytes.length;
        if (claimed !== undefined && sizeBytes > claimed)
          throw new ArtifactError("artifact.malformed", "it is larger than its archive says", {
            facts: { claimed },
          });
        yield event.bytes;
      }
    }
    if (problem !== undefined) throw problemError(problem);
    if (claimed !== undefined && sizeBytes < claimed)
      throw new ArtifactError("artifact.truncated", "it is smaller than its archive says", {
        facts: { claimed, sizeBytes },
      });
  }

  /**
   * To be called after the last entry: nothing may come that was not listed.
   * @throws {@link ArtifactError} `artifact.malformed`
   */
  async finish(): Promise<void> {
    const handover = this.#handover;
    if (handover === undefined) return;
    for (let event = await handover.peek(); event !== undefined; event = await handover.peek()) {
      this.#take(handover, event);
      if (event.kind === "problem") throw problemError(event.text);
      // Folders that only names speak of come last.
      if (event.kind === "begin" && !event.name.endsWith("/")) this.#begin(event.name);
    }
  }

  /** Ends the program, wherever it stands. */
  close(): void {
    this.#handover?.refuse(new Abandoned());
    this.#handover = undefined;
    this.#begun = 0;
  }

  /** Goes on until the entry begins. */
  async #seek(index: number): Promise<Handover<UnpackingEvent>> {
    if (index < this.#begun && !this.#isBroken) this.close();
    this.#handover ??= this.#start();
    const handover = this.#handover;
    while (this.#begun <= index) {
      const event = await handover.peek();
      if (event === undefined)
        throw new ArtifactError("artifact.malformed", "7-Zip ends before it comes to it");
      this.#take(handover, event);
      if (event.kind === "begin") this.#begin(event.name);
    }
    return handover;
  }

  /** Counted when it is taken, so that whoever counts what a member yields does not count it again. */
  #take(handover: Handover<UnpackingEvent>, event: UnpackingEvent): void {
    handover.drop();
    if (event.kind === "data") this.#context.budget.spendBytes(event.bytes.length);
  }

  #begin(name: string): void {
    const expected = this.#entries[this.#begun]?.name;
    this.#isBroken ||= expected === undefined || !isSameName(name, expected);
    if (this.#isBroken)
      throw new ArtifactError("artifact.malformed", "7-Zip unpacks other files than it lists");
    this.#begun += 1;
  }

  #start(): Handover<UnpackingEvent> {
    const { budget, maxHeldBytes } = this.#context;
    const handover = new Handover<UnpackingEvent>();
    let isExplained = false;
    const log = new UnpackingLog((event) => {
      isExplained ||= event.kind === "problem";
      handover.put(event);
    });
    const errand = {
      words: ["x", "-so", "-y", "-bb1", "-bse2", "-bso2", "-bsp0", WRONG_PASSWORD, ...this.#selection],
      source: this.#source,
      maxMemoryBytes: maxHeldBytes,
      checkTime: () => budget.checkTime(),
      onLog: (bytes: Uint8Array) => log.add(bytes),
      onOutput: (bytes: Uint8Array) => handover.give({ kind: "data", bytes }),
    };
    runSevenZip(errand).then(
      (code) => handover.end(code > WARNINGS && !isExplained ? problemError("errors") : undefined),
      (error: unknown) => handover.end(error),
    );
    return handover;
  }
}

/** Folders are logged with a slash, and what has no name under one that 7-Zip gives it. */
const isSameName = (logged: string, listed: string): boolean =>
  listed === "" || logged === listed || logged === `${listed}/`;

function problemError(text: string): ArtifactError {
  const why = `7-Zip says “${text.slice(0, 200)}”`;
  if (/password|encrypted/i.test(text)) return new ArtifactError("artifact.unsupported", "it is encrypted");
  if (/unsupported/i.test(text))
    return new ArtifactError("artifact.unsupported", `it is packed in an unsupported way: ${why}`);
  if (/unexpected end/i.test(text)) return new ArtifactError("artifact.truncated", `it is cut short: ${why}`);
  return new ArtifactError("artifact.malformed", `it is damaged: ${why}`);
}
