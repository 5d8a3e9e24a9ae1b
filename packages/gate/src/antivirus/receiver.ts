/** Takes members from the parser process and hands them to clamd, in the process that may reach it. @module */

import type { Readable } from "node:stream";
import { askVersion, type ClamdOptions, ClamdScan } from "./clamd.ts";
import { type Frame, FrameReader } from "./frame.ts";
import type { Scanner, ScanResult } from "./scan.ts";

/** Answers that are waited for while the next members are sent. */
const MOST_WAITING = 4;
/** So many failures one after the other, and the rest is not tried any more. */
const MOST_FAILURES = 5;
const MOST_MEMBERS = 1_000_000;

export interface Antivirus extends ClamdOptions {
  /** Larger members are not sent. */
  readonly maxBytes: number;
}

export class ScanReceiver {
  readonly #antivirus: Antivirus;
  readonly #results = new Map<number, ScanResult>();
  readonly #waiting = new Set<Promise<void>>();
  #engine: Promise<string> | undefined;
  #open: { readonly index: number; readonly scan: ClamdScan | undefined } | undefined;
  #failures = 0;
  #reading: Promise<void> = Promise.resolve();

  constructor(antivirus: Antivirus) {
    this.#antivirus = antivirus;
  }

  /** @param stream - what the parser process sends; read to its end whatever happens, so that it never waits for us */
  listen(stream: Readable): void {
    this.#engine = askVersion(this.#antivirus);
    this.#engine.catch(() => undefined);
    this.#reading = this.#read(stream);
  }

  /** @returns when everything that was sent has its answer; by the index of the member */
  async results(): Promise<{ readonly scanner: Scanner; readonly results: ReadonlyMap<number, ScanResult> }> {
    await this.#reading;
    await Promise.all(this.#waiting);
    return { scanner: await this.#describe(), results: this.#results };
  }

  async #describe(): Promise<Scanner> {
    const { maxBytes } = this.#antivirus;
    try {
      const [engine = "", , built = ""] = ((await this.#engine) ?? "").split("/");
      const time = Date.parse(`${built} UTC`);
      const signaturesOf = Number.isNaN(time) ? undefined : new Date(time).toISOString().slice(0, 10);
      return { engine, maxBytes, ...(signaturesOf !== undefined && { signaturesOf }) };
    } catch (error) {
      return { engine: "clamd", maxBytes, problem: error instanceof Error ? error.message : "failed" };
    }
  }

  async #read(stream: Readable): Promise<void> {
    const frames = new FrameReader();
    try {
      for await (const piece of stream) for (const frame of frames.add(piece)) await this.#take(frame);
      if (this.#open !== undefined || frames.isOpen)
        this.#breakOff("the parser process ended while it was sent");
    } catch {
      this.#breakOff("the parser process sent what is no member");
      // A pipe that nobody reads would keep the process waiting.
      stream.on("error", () => undefined).resume();
    }
  }

  async #take(frame: Frame): Promise<void> {
    switch (frame.kind) {
      case "begin":
        this.#begin(frame.index);
        return;
      case "data":
        if (this.#open === undefined) throw new Error("bytes of no member");
        await this.#open.scan?.write(frame.bytes);
        return;
      case "end":
        await this.#finish();
        return;
      case "over-limit":
        this.#expectFresh(frame.index);
        this.#results.set(frame.index, {
          outcome: "over-limit",
          detail: `it is larger than the ${Math.floor(this.#antivirus.maxBytes / 1024 ** 2)} MiB that are handed to clamd`,
        });
    }
  }

  #begin(index: number): void {
    this.#expectFresh(index);
    const isGivenUp = this.#failures >= MOST_FAILURES;
    this.#open = { index, scan: isGivenUp ? undefined : new ClamdScan(this.#antivirus) };
    // Until there is an answer: whatever ends this before leaves no member that looks as if it had not been sent.
    const detail = isGivenUp ? "clamd failed too often before" : "clamd gave no answer";
    this.#results.set(index, { outcome: "failed", detail });
  }

  #expectFresh(index: number): void {
    if (this.#open !== undefined) throw new Error("a member inside a member");
    if (this.#results.has(index) || this.#results.size >= MOST_MEMBERS) throw new Error("a member twice");
  }

  async #finish(): Promise<void> {
    if (this.#open === undefined) throw new Error("the end of no member");
    const { index, scan } = this.#open;
    this.#open = undefined;
    if (scan === undefined) return;
    const waiting = scan.finish().then((result) => {
      this.#failures = result.outcome === "failed" ? this.#failures + 1 : 0;
      this.#results.set(index, result);
      this.#waiting.delete(waiting);
    });
    this.#waiting.add(waiting);
    if (this.#waiting.size >= MOST_WAITING) await Promise.race(this.#waiting);
  }

  #breakOff(detail: string): void {
    if (this.#open === undefined) return;
    this.#open.scan?.abandon();
    this.#results.set(this.#open.index, { outcome: "failed", detail });
    this.#open = undefined;
  }
}
