/**
 * Watches a container's members go by, for the kinds of package that may stand in it: keeps what they ask for, within
 * bounds, and asks them at the end. Also hands up what the only content of a compressed file says of itself.
 * @module
 */

import { createHash, type Hash } from "node:crypto";
import { ArtifactError, type Budget, type ByteSource, type Identifier } from "@sallyport/core";
import type { Identity } from "../artifact.ts";
import { boundedIdentifiers } from "../components/bounds.ts";
import type { Member } from "../formats/format.ts";
import type { SignatureReport } from "../signatures/scheme.ts";
import type { Conclusion, Manifest, SeenMember, Wish } from "./manifest.ts";

/** All that is held of one container. */
const MAX_HELD_BYTES = 8 * 1024 * 1024;
const MAX_WATCHED_MEMBERS = 100_000;
/** Paths are shorter on every system; longer names are not kept. */
const MAX_NAME_CHARACTERS = 4096;
/** What is longer is no name of anything. */
const MAX_CLAIM_CHARACTERS = 512;
/** These hold one file and say nothing of their own. */
const COMPRESSIONS: ReadonlySet<string> = new Set([
  "gzip",
  "xz",
  "bzip2",
  "zstd",
  "lzma",
  "lz4",
  "lzip",
  "compress",
]);

/** What became of a member. */
export interface MemberNote {
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly format: string;
  readonly identity: Identity | undefined;
  readonly identifiers: readonly Identifier[];
  readonly signatures: readonly SignatureReport[];
}

export interface Watched {
  readonly member: Member;
  /** To be waited for before the member is read. */
  readonly ready: () => Promise<void>;
  /** To be told when the member was read to its end. */
  readonly note: (note: MemberNote) => void;
}

export class ManifestDesk {
  readonly #kinds: readonly Manifest[];
  readonly #budget: Budget;
  readonly #members = new Map<string, SeenMember>();
  readonly #unread = new Set<string>();
  #heldBytes = 0;
  #memberCount = 0;
  #isIncomplete = false;
  #only: MemberNote | undefined;

  constructor(kinds: readonly Manifest[], budget: Budget) {
    this.#kinds = kinds;
    this.#budget = budget;
  }

  /** @param format - of the container, as it is named by now */
  watch(member: Member, format: string): Watched {
    this.#memberCount += 1;
    const wish = this.#wishFor(member.name, format);
    if (wish === undefined)
      return {
        member,
        ready: async () => undefined,
        note: (note) => {
          this.#only = note;
        },
      };
    this.#unread.add(member.name);
    const capture = new Capture(wish, MAX_HELD_BYTES - this.#heldBytes);
    const { range } = member;
    const content = () => capture.pass(member.content());
    return {
      member: {
        ...member,
        ...(range === undefined ? { content } : {}),
        ...(wish.unpackedOn === undefined ? {} : { unpackedOn: wish.unpackedOn }),
      },
      ready: async () => (range === undefined ? undefined : capture.readRange(range.source, this.#budget)),
      note: (note) => {
        this.#only = note;
        this.#unread.delete(member.name);
        const { sha256, sizeBytes, format: found, signatures } = note;
        const seen = { sha256, sizeBytes, format: found, signatures, ...capture.result() };
        this.#heldBytes += seen.bytes?.length ?? 0;
        this.#members.set(member.name, seen);
      },
    };
  }

  /** @param format - of the container at its end */
  conclude(format: string): Conclusion | undefined {
    if (COMPRESSIONS.has(format)) return this.#handUp();
    const contents = {
      format,
      members: this.#members,
      unread: this.#unread,
      complete: !this.#isIncomplete,
      budget: this.#budget,
    };
    if (this.#members.size === 0) return undefined;
    let found: Conclusion | undefined;
    for (const kind of this.#kinds) {
      if (!kind.containers.includes(format)) continue;
      // One kind is what the container is; whatever else stands in it is judged all the same.
      if (found !== undefined && kind.isPartOfOthers !== true) continue;
      const conclusion = ask(() => kind.conclude(contents));
      if (conclusion === undefined) continue;
      found = {
        ...conclusion,
        ...found,
        findings: [...(found?.findings ?? []), ...(conclusion.findings ?? [])],
      };
    }
    if (found === undefined) return undefined;
    const { identifiers = [] } = found;
    return { ...found, ...bounded(found.identity), identifiers: boundedIdentifiers(identifiers) };
  }

  get #isFull(): boolean {
    return this.#members.size + this.#unread.size >= MAX_WATCHED_MEMBERS;
  }

  #handUp(): Conclusion | undefined {
    const { identity, identifiers = [], format = "" } = this.#only ?? {};
    if (identity === undefined || this.#memberCount !== 1) return undefined;
    const isPackage = this.#kinds.some(({ id, names = [] }) => [id, ...names].includes(format));
    return isPackage ? { identity, identifiers, format } : { identity, identifiers };
  }

  #wishFor(name: string, format: string): Wish | undefined {
    if (this.#isFull || name.length > MAX_NAME_CHARACTERS) {
      this.#isIncomplete = true;
      return undefined;
    }
    const wishes = this.#kinds.flatMap((kind) =>
      kind.containers.includes(format) ? (kind.wants(name) ?? []) : [],
    );
    if (wishes.length === 0) return undefined;
    return {
      heldBytes: Math.max(0, ...wishes.map(({ heldBytes = 0 }) => heldBytes)),
      ...(wishes.some(({ sha512 }) => sha512) ? { sha512: true } : {}),
      ...(wishes.some(({ sha1 }) => sha1) ? { sha1: true } : {}),
      ...(wishes.some(({ unpackedOn }) => unpackedOn) ? { unpackedOn: "unix" } : {}),
    };
  }
}

/** Claims of any length, as they are shown and remembered. */
function bounded(identity: Identity | undefined): { readonly identity?: Identity } {
  if (identity === undefined) return {};
  const claims = Object.entries(identity).map(([name, text]) => [name, text.slice(0, MAX_CLAIM_CHARACTERS)]);
  return { identity: Object.fromEntries(claims) };
}

/** A description that cannot be read makes no package of a container; only spent limits go on. */
function ask(conclude: () => Conclusion | undefined): Conclusion | undefined {
  try {
    return conclude();
  } catch (error) {
    if (!(error instanceof ArtifactError) || error.facts.limit !== undefined) throw error;
    return undefined;
  }
}

/** Copies what goes by. */
class Capture {
  readonly #mostBytes: number;
  readonly #sha512: Hash | undefined;
  readonly #sha1: Hash | undefined;
  #pieces: Buffer[] | undefined;
  #sizeBytes = 0;

  constructor({ heldBytes = 0, sha512, sha1 }: Wish, freeBytes: number) {
    this.#mostBytes = Math.min(heldBytes, freeBytes);
    this.#pieces = this.#mostBytes > 0 ? [] : undefined;
    this.#sha512 = sha512 ? createHash("sha512") : undefined;
    this.#sha1 = sha1 ? createHash("sha1") : undefined;
  }

  async *pass(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of bytes) {
      this.#add(piece);
      yield piece;
    }
  }

  async readRange(source: ByteSource, budget: Budget): Promise<void> {
    if ((this.#sha512 ?? this.#sha1) === undefined && source.sizeBytes > this.#mostBytes) {
      this.#pieces = undefined;
      return;
    }
    for await (const piece of source.stream()) {
      budget.checkTime();
      this.#add(piece);
    }
  }

  result(): { bytes?: Buffer; sha512?: string; sha1?: string } {
    return {
      ...(this.#pieces === undefined ? {} : { bytes: Buffer.concat(this.#pieces) }),
      ...(this.#sha512 === undefined ? {} : { sha512: this.#sha512.digest("hex") }),
      ...(this.#sha1 === undefined ? {} : { sha1: this.#sha1.digest("hex") }),
    };
  }

  #add(piece: Uint8Array): void {
    this.#sha512?.update(piece);
    this.#sha1?.update(piece);
    if (this.#pieces === undefined) return;
    this.#sizeBytes += piece.length;
    if (this.#sizeBytes > this.#mostBytes) this.#pieces = undefined;
    else this.#pieces.push(Buffer.from(piece));
  }
}
