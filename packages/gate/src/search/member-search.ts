/** Searches one member for everything that is wanted, in one pass over its bytes. Runs in the study thread. @module */

import { createHash } from "node:crypto";
import {
  ArtifactError,
  asBuffer,
  type Budget,
  type ByteSource,
  type Observable,
  visitPieces,
} from "@sallyport/core";
import { DomainSearch } from "./domain-search.ts";
import { TextSearch } from "./text-search.ts";
import type { SearchWish } from "./wish.ts";

/** What is done with a member. `digests`: what it holds is searched by itself. `names`: somebody else has its digests. */
export type SearchDepth = "all" | "digests" | "names";

const STEP_BYTES = 8 * 1024 * 1024;
/** Room for the longest name in UTF-16 on both sides of a piece. */
const MARGIN_BYTES = 1024;
/** Of one member: a list of bad domains is told by fewer. */
const MOST_SIGHTINGS = 500;

export interface Searched {
  readonly sightings: readonly Observable[];
  /** Why it was not searched to its end. */
  readonly because?: string;
}

export class MemberSearch {
  readonly #wish: SearchWish;
  readonly #domains: DomainSearch;
  readonly #texts: TextSearch;

  constructor(wish: SearchWish) {
    this.#wish = wish;
    this.#domains = new DomainSearch(wish.domains);
    this.#texts = new TextSearch([
      ...wish.urls.map((value) => ({ kind: "url", value }) as const),
      ...wish.texts.map((value) => ({ kind: "text", value }) as const),
    ]);
  }

  /** @returns what was found, and why not everything was looked at */
  async search(source: ByteSource, depth: SearchDepth, budget: Budget): Promise<Searched> {
    const found = new Map<string, Observable>();
    let leftOut = 0;
    const add = (observable: Observable) => {
      const key = `${observable.kind} ${observable.value}`;
      if (found.size < MOST_SIGHTINGS || found.has(key)) found.set(key, observable);
      else leftOut += 1;
    };
    try {
      if (depth !== "names") await this.#digest(source, budget, add);
      if (depth !== "digests") await this.#look(source, budget, add);
      return {
        sightings: [...found.values()],
        ...(leftOut > 0 && { because: `names more than ${MOST_SIGHTINGS} of what is searched for` }),
      };
    } catch (error) {
      if (!(error instanceof ArtifactError)) throw error;
      return { sightings: [...found.values()], because: error.message };
    }
  }

  async #digest(source: ByteSource, budget: Budget, add: (seen: Observable) => void): Promise<void> {
    const { digests } = this.#wish;
    if (digests.length === 0) return;
    const hashes = digests.map((kind) => ({ kind, hash: createHash(kind) }));
    await visitPieces(source, (piece) => {
      budget.checkTime();
      for (const { hash } of hashes) hash.update(piece);
    });
    for (const { kind, hash } of hashes) add({ kind, value: hash.digest("hex") });
  }

  async #look(source: ByteSource, budget: Budget, add: (seen: Observable) => void): Promise<void> {
    const { domains, urls, texts } = this.#wish;
    if (domains.length + urls.length + texts.length === 0) return;
    const after = Math.max(MARGIN_BYTES, this.#texts.longestBytes + MARGIN_BYTES);
    for (let offset = 0; offset < source.sizeBytes; offset += STEP_BYTES) {
      budget.checkTime();
      const start = Math.max(0, offset - MARGIN_BYTES);
      const piece = asBuffer(await source.read(start, offset - start + STEP_BYTES + after));
      const [from, to] = [offset - start, offset - start + STEP_BYTES];
      for (const value of this.#domains.search(piece, from, to)) add({ kind: "domain", value });
      for (const { kind, value } of this.#texts.search(piece, from, to)) add({ kind, value });
    }
  }
}
