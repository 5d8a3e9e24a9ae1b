/** Collects the addresses of one member, each once. @module */

import { createHash } from "node:crypto";
import type { Sighting } from "../../byte-search/needle.ts";
import type { Piece, Search } from "../sweep.ts";
import { type Address, addressText, readAuthority } from "./address.ts";
import { isAfterText, isInComment } from "./comment.ts";
import { findBareAddresses } from "./numbers.ts";
import { readSighting, type Writing } from "./reading.ts";
import { isNaming } from "./services.ts";

export { needles } from "./needles.ts";

export interface SeenAddress extends Address {
  readonly writing: Writing;
  /** Where it is marked, from the start of the member. */
  readonly offsetBytes: number;
  /** Of a single-byte XOR. */
  readonly key?: number;
  /** Stands in what looks like a comment of a script. */
  readonly isComment?: true;
  /** Text stands right before it, as in a message for people. */
  readonly isInSentence?: true;
}

export interface AddressesSeen {
  /** By what they say, in order; at most {@link MOST_KEPT}. */
  readonly addresses: readonly SeenAddress[];
  /** Digest of those beyond, and how many marks nobody looked at. */
  readonly rest?: { readonly sha256: string; readonly count: number; readonly unseen: number };
}

export const MOST_KEPT = 1_500;
const MOST_HELD = 50_000;
const MOST_BARE = 20_000;

export class AddressSearch implements Search {
  readonly #readable = new Map<string, SeenAddress>();
  /** Apart, so that no number of readable ones pushes them out. */
  readonly #hidden = new Map<string, SeenAddress>();
  #bare = 0;
  #dropped = 0;

  see(sighting: Sighting, piece: Piece): void {
    const marked = readSighting(sighting, piece);
    const address = marked && readAuthority(marked.scheme, marked.text);
    if (marked === undefined || address === undefined || isNaming(address.host, address.path)) return;
    const { writing, offsetBytes, key } = marked;
    const isComment =
      marked.isComment === true || (writing === "plain" && isInComment(piece.bytes, sighting.index));
    const isInSentence = writing === "plain" && isAfterText(piece.bytes, sighting.index, marked.scheme);
    this.#keep({
      ...address,
      writing,
      offsetBytes,
      ...(key === undefined ? {} : { key }),
      ...(isComment ? { isComment } : {}),
      ...(isInSentence ? { isInSentence } : {}),
    });
  }

  /** Addresses of numbers alone, in a part of the piece. */
  seeBare({ bytes, offsetBytes }: Piece, from: number, to: number): void {
    if (this.#bare > MOST_BARE) return;
    findBareAddresses(bytes, from, to, ({ index, ...found }) => {
      this.#bare += 1;
      const isComment = isInComment(bytes, index);
      const place = {
        writing: "plain" as const,
        offsetBytes: offsetBytes + index,
        ...(isComment ? { isComment } : {}),
      };
      if (this.#bare <= MOST_BARE) this.#keep({ scheme: "", path: "", ...found, ...place });
    });
  }

  end(unseen: number): AddressesSeen {
    const inOrder = (seen: ReadonlyMap<string, SeenAddress>): SeenAddress[] =>
      [...seen].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, address]) => address);
    const sorted = [...inOrder(this.#hidden), ...inOrder(this.#readable)];
    const addresses = sorted.slice(0, MOST_KEPT);
    const beyond = sorted.slice(MOST_KEPT);
    if (beyond.length === 0 && unseen === 0 && this.#dropped === 0) return { addresses };
    const sha256 = createHash("sha256").update(beyond.map(addressText).join("\n")).digest("hex");
    return { addresses, rest: { sha256, count: beyond.length, unseen: unseen + this.#dropped } };
  }

  #keep(address: SeenAddress): void {
    const isReadable = address.writing === "plain" || address.writing === "utf-16";
    const seen = isReadable ? this.#readable : this.#hidden;
    const key = isReadable ? addressText(address) : `${addressText(address)} ${address.writing}`;
    const known = seen.get(key);
    // The place where it looks most like something a program uses counts.
    if (known !== undefined && forPeople(known) <= forPeople(address)) return;
    if (seen.size >= MOST_HELD && known === undefined) this.#dropped += 1;
    else seen.set(key, address);
  }
}

const forPeople = ({ isComment, isInSentence }: SeenAddress): number =>
  Number(isComment === true) * 2 + Number(isInSentence === true);
