/** The files inside one bundle, by their names from its base, found one by one or by the folder they are in. @module */

import type { ContainerContents, SeenMember } from "../manifest.ts";

export class NamesInside {
  readonly #members = new Map<string, SeenMember>();
  /** Sorted by code units, so that a folder's files stand together. */
  readonly names: readonly string[];
  /** Those that are another's, spelled in other characters: which of the two is unpacked depends on the system. */
  readonly twins: readonly string[];

  /** Names are compared in Unicode's composed form: file systems of Macs take them apart. */
  constructor(base: string, { members, budget }: ContainerContents) {
    budget.checkTime();
    const twins: string[] = [];
    for (const [name, member] of members) {
      if (!name.startsWith(base)) continue;
      const plain = name.slice(base.length).normalize("NFC");
      if (this.#members.has(plain)) twins.push(name);
      else this.#members.set(plain, member);
    }
    this.twins = twins;
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
