/**
 * Two formats that both claim a file: each reader would see something else. A zip is found from its end, so a container
 * whose last member is one looks like a zip as well; that member has been opened, and nothing else is to be seen.
 * The same holds for a format that is made of another: reading it is reading the other, and more.
 * Source: CVE-2020-1464, a Java archive behind a signed installer.
 * @module
 */

import type { Finding } from "../finding.ts";
import type { Format, Glimpse } from "../formats/format.ts";
import { END_BYTES, locateEnd } from "../formats/zip/end-record.ts";

/** Formats that begin with a whole file of another one, which they open as that one does. */
const MADE_OF: ReadonlyMap<string, ReadonlySet<string>> = new Map([["burn", new Set(["cab"])]]);

export class PolyglotJudge {
  /** End records of the zips that were looked at so far. That no bytes stand behind the last member, each format checks. */
  readonly #ends: string[] = [];

  /** Taken before a file is opened: only what is met from then on lies inside it. */
  get mark(): number {
    return this.#ends.length;
  }

  /**
   * Called once for each file, after everything inside it.
   * @param recognised - in the registry's order, the first was opened
   * @param file.mark - of the time before it was opened
   */
  judge(
    recognised: readonly Format[],
    { tail, mark }: Pick<Glimpse, "tail"> & { readonly mark: number },
  ): Finding | undefined {
    const [first, ...rest] = recognised;
    if (first === undefined) return undefined;
    const others = rest.filter(({ id }) => MADE_OF.get(first.id)?.has(id) !== true);
    const end = recognised.some(({ id }) => id === "zip") ? endRecordOf(tail) : undefined;
    const isOpened = end !== undefined && this.#ends.includes(end, mark);
    if (end !== undefined) this.#ends.push(end);
    if (others.length === 0 || (isOpened && others.every(({ id }) => id === "zip"))) return undefined;
    const names = [first, ...others].map(({ id }) => id);
    return {
      check: "structure",
      outcome: "fail",
      because: `is ${names.join(" and ")} at once: two readers would see different content`,
      facts: { formats: names },
    };
  }
}

function endRecordOf(tail: Buffer): string | undefined {
  const end = locateEnd(tail);
  return end && tail.toString("latin1", end.at, end.at + END_BYTES);
}
