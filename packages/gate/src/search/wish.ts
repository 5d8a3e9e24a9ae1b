/** What is searched for in the bytes of every member, because somebody saw it in an attack. @module */

export interface SearchWish {
  /** Lower case. A name below one of them counts. */
  readonly domains: readonly string[];
  /** Web addresses as the URL standard writes them. */
  readonly urls: readonly string[];
  /** At least four bytes each in UTF-8. */
  readonly texts: readonly string[];
  /** Weaker digests that are needed, because some file is known by nothing else. */
  readonly digests: readonly ("md5" | "sha1")[];
}

/** How many values of each kind are searched for at most: they go to the parser process in one line. */
export const MOST_SEARCHED = { domains: 200_000, urls: 5_000, texts: 5_000 } as const;

/** @returns as much of it as can be searched for; undefined when it asks for nothing */
export function searchable(wish: SearchWish): SearchWish | undefined {
  const bounded: SearchWish = {
    domains: wish.domains.slice(0, MOST_SEARCHED.domains),
    urls: wish.urls.slice(0, MOST_SEARCHED.urls),
    texts: wish.texts.slice(0, MOST_SEARCHED.texts),
    digests: wish.digests,
  };
  return countOf(bounded) + bounded.digests.length === 0 ? undefined : bounded;
}

/** What was searched for in the bytes of all members. */
export interface SearchTally {
  /** How many values. */
  readonly values: number;
  /** How many were too many. */
  readonly leftOut?: number;
  /** Which they were: see `writeValues`. */
  readonly written?: string;
}

/** @param written - the values that were searched for */
export function tallyOf(wish: SearchWish, searched: SearchWish, written: string): SearchTally {
  const [values, leftOut] = [countOf(searched), countOf(wish) - countOf(searched)];
  return { values, ...(leftOut > 0 && { leftOut }), written };
}

/** Domains, addresses and texts. */
const countOf = ({ domains, urls, texts }: SearchWish): number => domains.length + urls.length + texts.length;
