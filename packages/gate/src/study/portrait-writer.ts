/**
 * Writes down what the parser process saw of every member, for the process that compares two releases: lines of
 * `M {index, member}`, `T index observations`, `S index first` (the same bytes as that member).
 * @module
 */

import { writeSync } from "node:fs";
import { WorldError } from "@sallyport/core";
import type { ArtifactMember } from "../artifact.ts";
import type { PortraitSink } from "./study.ts";

const HELD_CHARACTERS = 1024 * 1024;

export class PortraitWriter implements PortraitSink {
  readonly #descriptor: number;
  #text = "";

  /** @param descriptor - open for writing, empty */
  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  member(index: number, member: ArtifactMember): void {
    this.#add(`M ${JSON.stringify({ index, member })}\n`);
  }

  observations(index: number, observations: string): void {
    this.#add(`T ${index} ${observations}\n`);
  }

  sameAs(index: number, first: number): void {
    this.#add(`S ${index} ${first}\n`);
  }

  /** @throws WorldError `world.io` when the disk is full */
  flush(): void {
    const bytes = Buffer.from(this.#text);
    this.#text = "";
    try {
      for (let done = 0; done < bytes.length; ) done += writeSync(this.#descriptor, bytes, done);
    } catch (cause) {
      throw new WorldError("world.io", "the scratch folder cannot be written: is the disk full?", { cause });
    }
  }

  #add(line: string): void {
    this.#text += line;
    if (this.#text.length >= HELD_CHARACTERS) this.flush();
  }
}
