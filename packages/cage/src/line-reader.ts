/** Cuts a stream into lines, none of them, and not all together, longer than allowed. @module */

/** Longest line. */
export const MAX_LINE_CHARACTERS = 8 * 1024 * 1024;
/** All lines of one run. A real artifact with 200,000 members stays far below. */
const MAX_RUN_CHARACTERS = 512 * 1024 * 1024;

export class LineReader {
  readonly #onLine: (line: string) => void;
  readonly #maxCharacters: number;
  readonly #pieces: string[] = [];
  #lineCharacters = 0;
  #runCharacters = 0;

  /** @param maxCharacters - of all lines together */
  constructor(onLine: (line: string) => void, maxCharacters = MAX_RUN_CHARACTERS) {
    this.#onLine = onLine;
    this.#maxCharacters = maxCharacters;
  }

  /** @throws Error when a line or the run is too long, or whatever `onLine` throws */
  add(text: string): void {
    this.#runCharacters += text.length;
    if (this.#runCharacters > this.#maxCharacters) throw new Error("the process said too much");
    let from = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", from)) {
      this.#hold(text.slice(from, end));
      const line = this.#pieces.join("");
      this.#pieces.length = 0;
      this.#lineCharacters = 0;
      from = end + 1;
      this.#onLine(line);
    }
    this.#hold(text.slice(from));
  }

  #hold(piece: string): void {
    this.#lineCharacters += piece.length;
    if (this.#lineCharacters > MAX_LINE_CHARACTERS) throw new Error("the process sent an endless line");
    if (piece !== "") this.#pieces.push(piece);
  }
}
