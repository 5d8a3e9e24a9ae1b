/** The files inside one bundle, by their names from its base, found one by one or by the folder they are in. @module */

import type { ContainerContents, SeenMember } from "../manifest.ts";

export class NamesInside {
  readonly #members = new Map<string, SeenMember>();
  /** Sorted by code units, so that a folder's files stand together. */
  readonly names: readonly string[];

  /** Names are compared in Unicode's composed form: file systems of Macs take them apart. */
  constructor(base: string, { members, budget }: ContainerContents) {
    budget.checkTime();
    for (const [name, member] of members)
      if (name.startsWith(base)) this.#members.set(name.slice(base.length).normalize("NFC"), member);
    this.names = [...this.#members.keys()].sort();
  }

  find(name: string): SeenMember | undefined {
    return this.#members.get(name);
  }

  /** The file of that name, and all in the folder of that name. */
  under(name: string): readonly SeenMember[] {
    const folder = `${name}/`;
    const own = this.find(name);
    const found = own === undefined ? [] : [own];
    for (let at = this.#firstFrom(folder); this.names[at]?.startsWith(folder); at += 1) {
      const member = this.find(this.names[at] ?? "");
      if (member !== undefined) found.push(member);
    }
    return found;
  }

  #firstFrom(wanted: string): number {
    let [low, high] = [0, this.names.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.names[middle] ?? "") < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
