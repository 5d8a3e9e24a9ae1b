/** Domains that are made to be mistaken for those a release spoke of. @module */

import { isLikeAnother } from "../dependencies/look-alike.ts";

/** Comparisons for one release; hostile releases name thousands of hosts on both sides. */
const MOST_COMPARISONS = 100_000;
/** A slip changes the length by one, a separator that fades by another. */
const MOST_APART = 2;

export class LookAlikes {
  /** Labels by what stands behind them and by their length. */
  readonly #labels = new Map<string, string[]>();
  readonly #found = new Map<string, string | undefined>();
  #comparisons = 0;

  /** @param domains - that are known */
  constructor(domains: Iterable<string>) {
    for (const domain of domains) {
      const { label, rest } = partsOf(domain);
      const key = `${label.length} ${rest}`;
      const labels = this.#labels.get(key);
      if (labels === undefined) this.#labels.set(key, [label]);
      else labels.push(label);
    }
  }

  /** @returns the known domain that it can be mistaken for; undefined for a known one */
  find(domain: string): string | undefined {
    if (!this.#found.has(domain)) this.#found.set(domain, this.#look(domain));
    return this.#found.get(domain);
  }

  #look(domain: string): string | undefined {
    const { label, rest } = partsOf(domain);
    for (let length = label.length - MOST_APART; length <= label.length + MOST_APART; length += 1)
      for (const other of this.#labels.get(`${length} ${rest}`) ?? []) {
        this.#comparisons += 1;
        if (this.#comparisons > MOST_COMPARISONS) return undefined;
        if (isLikeAnother(label, other)) return `${other}.${rest}`;
      }
    return undefined;
  }
}

function partsOf(domain: string): { readonly label: string; readonly rest: string } {
  const dot = domain.indexOf(".");
  return { label: domain.slice(0, dot), rest: domain.slice(dot + 1) };
}
