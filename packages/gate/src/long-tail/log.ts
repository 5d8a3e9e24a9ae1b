/** Reads 7-Zip's log of an unpacking, line by line, as it is written. @module */

import type { UnpackingEvent } from "./unpacking.ts";

/** A name of 7-Zip is never longer, and nothing else in the log is either. */
const LONGEST_LINE_CHARACTERS = 128 * 1024;
const BACKSLASH = /\uf05c/g;

export class UnpackingLog {
  readonly #tell: (event: UnpackingEvent) => void;
  readonly #decoder = new TextDecoder();
  #line = "";
  #hasBegun = false;
  #isInText = false;

  constructor(tell: (event: UnpackingEvent) => void) {
    this.#tell = tell;
  }

  add(bytes: Uint8Array): void {
    const lines = (this.#line + this.#decoder.decode(bytes, { stream: true })).split("\n");
    this.#line = (lines.pop() ?? "").slice(0, LONGEST_LINE_CHARACTERS);
    for (const line of lines) this.#read(line);
  }

  /** Before the first entry, an archive's comment may say anything between braces. */
  #read(line: string): void {
    if (!this.#hasBegun && (line === "{" || this.#isInText)) {
      this.#isInText = line !== "}";
      return;
    }
    // Unpacked, tested or skipped.
    const begin = /^[-T.] (.*)$/s.exec(line);
    if (begin !== null) {
      this.#hasBegun = true;
      this.#tell({ kind: "begin", name: (begin[1] ?? "").replace(BACKSLASH, "\\") });
    } else if (line.startsWith("ERROR: ")) this.#tell({ kind: "problem", text: line.slice(7) });
  }
}
