/** What else is in a release: one look at all members, asked by every file that came. @module */

import { memberKind } from "../member-kind.ts";
import { folderOf, lastPart } from "../small-text.ts";
import type { CompareContext, Portrait, Release } from "../trait.ts";
import { startPlaceOf } from "./start-places.ts";

/** Fewer signed programs are no custom of the maker. */
const LEAST_SIGNED = 3;
/** This part of all programs of a kind, without those that are new. */
const MOST_UNSIGNED = 0.1;
/** Formats whose programs carry their signature in themselves. */
const SIGNABLE: ReadonlySet<string> = new Set(["pe", "mach-o"]);

export class Peers {
  readonly #formats = new Set<string>();
  readonly #names = new Set<string>();
  readonly #started = new Set<string>();
  /** Whether compiled Python was in caches, and whether elsewhere. */
  readonly #compiled = new Set<boolean>();
  /** By format: how many programs of the old release are signed, and how many there are. */
  readonly #signed = new Map<string, { signed: number; all: number }>();
  /** Folders of the new release that hold a program to be started. */
  readonly #starters = new Set<string>();
  readonly #isBare: boolean;

  constructor({ before, after }: CompareContext) {
    for (const portrait of before.members) this.#note(portrait);
    for (const { member } of after.members)
      if (member.format === "pe" && /\.(?:exe|com|scr)$/i.test(member.path))
        this.#starters.add(folderOf(member.path));
    this.#isBare = !holdsMembers(before);
  }

  /** Whether the old release held machine code; a release that is one file says nothing of what others hold. */
  get arePrograms(): "none" | "some" {
    return this.#formats.size === 0 && !this.#isBare ? "none" : "some";
  }

  hadFormat(format: string): boolean {
    return this.#formats.has(format);
  }

  /** A member of this name, anywhere. */
  had(name: string): boolean {
    return this.#names.has(name.toLowerCase());
  }

  /** A file of this name in some place where things are started: distributions move those. */
  hadStarted(name: string): boolean {
    return this.#started.has(name);
  }

  hadCompiled(isInCache: boolean): boolean {
    return this.#compiled.has(isInCache);
  }

  hasStarter(folder: string): boolean {
    return this.#starters.has(folder);
  }

  isUnsignedAmongSigned({ member }: Portrait): boolean {
    const { signed, all } = this.#signed.get(member.format) ?? { signed: 0, all: 0 };
    return !isSigned(member) && signed >= LEAST_SIGNED && all - signed <= all * MOST_UNSIGNED;
  }

  #note({ member }: Portrait): void {
    const { path, format } = member;
    this.#names.add(lastPart(path).toLowerCase());
    if (isCompiledPython(path)) this.#compiled.add(isCache(path));
    if (startPlaceOf(path) !== undefined) this.#started.add(lastPart(path));
    if (memberKind(format, path) !== "native") return;
    this.#formats.add(format);
    if (!SIGNABLE.has(format)) return;
    const count = this.#signed.get(format) ?? { signed: 0, all: 0 };
    this.#signed.set(format, { signed: count.signed + Number(isSigned(member)), all: count.all + 1 });
  }
}

export const isCompiledPython = (path: string): boolean => /\.py[co]$/i.test(path);
export const isCache = (path: string): boolean => /(?:^|\/)__pycache__\/[^/]+$/.test(path);

const holdsMembers = ({ members }: Release): boolean => members.length > 1;
const isSigned = ({ signatures }: Portrait["member"]): boolean =>
  signatures.some(({ integrity, signer }) => integrity === "pass" && signer !== undefined);
