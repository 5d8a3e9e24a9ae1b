/**
 * The tables of tags in an RPM package: its signature header and its main header. Every length is checked, no bytes are
 * left that belong to no tag, and no two tags share any. Source: RPM manual, "RPM Package Header format".
 * @module
 */

import { ArtifactError, type ByteSource, readExactly } from "@sallyport/core";
import { isAllZero } from "../front-reader.ts";
import { REGION } from "./tags.ts";

const INTRO_BYTES = 16;
const ENTRY_BYTES = 16;
const MAGIC = Buffer.from("8eade80100000000", "hex");
/** RPM, `lib/header_internal.hh`: hdrchkTags. */
const MOST_ENTRIES = 0xffff;
const MOST_DATA_BYTES = 48 * 1024 * 1024;
/** Integers begin at a multiple of their size. */
const MOST_PADDING_BYTES = 7;
/** Five times as many as there are files in the largest packages. */
const MOST_VALUES = 1_000_000;
/** Builders in Java write the changelog's three tags anew for each entry; nobody installs by it. */
const REPEATED: ReadonlySet<number> = new Set([1080, 1081, 1082]);
/** More of them say nothing new. */
const MOST_LIES = 8;

/** RPM's numbers of the kinds of values. */
const TYPE = {
  int8: 2,
  int16: 3,
  int32: 4,
  int64: 5,
  string: 6,
  binary: 7,
  strings: 8,
  translated: 9,
} as const;
const WIDTHS: Readonly<Record<number, number>> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1 };

interface Entry {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  readonly offset: number;
  readonly bytes: Buffer;
}

/** What the header says by its structure alone, before anybody believes a tag. */
export interface HeaderLie {
  readonly because: string;
  readonly facts: { readonly offsetBytes: number; readonly lengthBytes: number };
}

export class RpmHeader {
  /** Of the header's first byte in the package. */
  readonly offset: number;
  /** As it stands in the package: what digests and signatures of the header are over. */
  readonly raw: Buffer;
  readonly lies: readonly HeaderLie[];
  /** False in packages from before RPM 4. */
  readonly hasRegion: boolean;
  readonly #entries: ReadonlyMap<number, Entry>;

  constructor(
    raw: Buffer,
    found: { offset: number; entries: ReadonlyMap<number, Entry>; lies: HeaderLie[]; hasRegion: boolean },
  ) {
    this.raw = raw;
    this.offset = found.offset;
    this.lies = found.lies;
    this.hasRegion = found.hasRegion;
    this.#entries = found.entries;
  }

  get endOffset(): number {
    return this.offset + this.raw.length;
  }

  get tags(): readonly number[] {
    return [...this.#entries.keys()];
  }

  has(tag: number): boolean {
    return this.#entries.has(tag);
  }

  /** @returns the tag's raw bytes, whatever its type */
  bytes(tag: number): Buffer | undefined {
    return this.#entries.get(tag)?.bytes;
  }

  /** @returns where the tag's bytes stand in the package */
  placeOf(tag: number): { readonly offsetBytes: number; readonly lengthBytes: number } | undefined {
    const entry = this.#entries.get(tag);
    if (entry === undefined) return undefined;
    return { offsetBytes: this.offset + entry.offset, lengthBytes: entry.bytes.length };
  }

  /** @returns the first string of a tag; of a translated one that is the untranslated */
  string(tag: number): string | undefined {
    return this.strings(tag)?.[0];
  }

  /** @throws {@link ArtifactError} `artifact.malformed` when the tag holds something else */
  strings(tag: number): readonly string[] | undefined {
    const entry = this.#few(tag);
    if (entry === undefined) return undefined;
    if (entry.type !== TYPE.string && entry.type !== TYPE.strings && entry.type !== TYPE.translated)
      throw malformed(`tag ${tag} is no text`);
    const texts: string[] = [];
    for (let at = 0; at < entry.bytes.length; ) {
      const end = entry.bytes.indexOf(0, at);
      texts.push(readText(entry.bytes.subarray(at, end)));
      at = end + 1;
    }
    return texts;
  }

  /** @throws {@link ArtifactError} `artifact.malformed` when the tag holds something else, or more than 2^53 */
  numbers(tag: number): readonly number[] | undefined {
    const entry = this.#few(tag);
    if (entry === undefined) return undefined;
    const { type, count, bytes } = entry;
    const width = WIDTHS[type] ?? 0;
    if (type < TYPE.int8 || type > TYPE.int64) throw malformed(`tag ${tag} is no number`);
    return Array.from({ length: count }, (_, at) => {
      const value = width === 8 ? Number(bytes.readBigUInt64BE(at * 8)) : bytes.readUIntBE(at * width, width);
      if (!Number.isSafeInteger(value)) throw malformed(`tag ${tag} is an impossible number`);
      return value;
    });
  }

  number(tag: number): number | undefined {
    return this.numbers(tag)?.[0];
  }

  /** Millions of empty texts fit into a header, and into no memory. */
  #few(tag: number): Entry | undefined {
    const entry = this.#entries.get(tag);
    if (entry !== undefined && entry.count > MOST_VALUES && entry.type !== TYPE.binary)
      throw new ArtifactError("artifact.over-limit", `rpm: tag ${tag} has ${entry.count} values`);
    return entry;
  }
}

/**
 * @param kind - which region the header is sealed by
 * @throws {@link ArtifactError} `artifact.truncated`, `artifact.malformed`, `artifact.over-limit`
 */
export async function readHeader(
  source: ByteSource,
  offset: number,
  { kind, maxHeldBytes }: { kind: "signatures" | "immutable"; maxHeldBytes: number },
): Promise<RpmHeader> {
  const intro = await readExactly(source, offset, INTRO_BYTES, "rpm: a header");
  if (!intro.subarray(0, MAGIC.length).equals(MAGIC)) throw malformed("no header where one must be");
  const entryCount = intro.readUInt32BE(8);
  const dataBytes = intro.readUInt32BE(12);
  if (entryCount === 0 || entryCount > MOST_ENTRIES)
    throw malformed("a header has an impossible number of tags");
  // Twice: as it stands, and as what is read of it.
  const needed = INTRO_BYTES + entryCount * ENTRY_BYTES + dataBytes;
  if (dataBytes > MOST_DATA_BYTES || 2 * needed > maxHeldBytes)
    throw new ArtifactError("artifact.over-limit", `rpm: a header needs ${needed} bytes at once`);
  const raw = await readExactly(source, offset, needed, "rpm: a header");
  const dataOffset = INTRO_BYTES + entryCount * ENTRY_BYTES;
  const found = readEntries(raw, { entryCount, dataOffset });
  const lies: HeaderLie[] = [];
  const lie = (because: string, at: number, lengthBytes: number) => {
    if (lies.length < MOST_LIES) lies.push({ because, facts: { offsetBytes: offset + at, lengthBytes } });
  };
  const hasRegion = judgeRegion(found, { raw, dataOffset, kind, lie });
  judgeSpace(found, { raw, dataOffset, lie });
  const entries = new Map<number, Entry>();
  for (const entry of found) {
    if (entries.has(entry.tag) && !REPEATED.has(entry.tag))
      lie(`has tag ${entry.tag} twice`, entry.offset, entry.bytes.length);
    else if (!entries.has(entry.tag)) entries.set(entry.tag, entry);
  }
  return new RpmHeader(raw, { offset, entries, lies, hasRegion });
}

function readEntries(raw: Buffer, place: { entryCount: number; dataOffset: number }): Entry[] {
  // Tags that share no bytes are never longer together than the header: more would be read over and over.
  let leftBytes = raw.length;
  return Array.from({ length: place.entryCount }, (_, index) => {
    const at = INTRO_BYTES + index * ENTRY_BYTES;
    const [tag, type, count] = [raw.readUInt32BE(at), raw.readUInt32BE(at + 4), raw.readUInt32BE(at + 12)];
    const start = raw.readInt32BE(at + 8);
    if (start < 0 || count === 0) throw malformed(`tag ${tag} lies nowhere`);
    const offset = place.dataOffset + start;
    const width = WIDTHS[type];
    if (type === TYPE.string && count !== 1) throw malformed(`tag ${tag} counts more than its one text`);
    if (width !== undefined && type !== TYPE.binary && start % width !== 0)
      throw malformed(`tag ${tag} is not aligned`);
    const length = width === undefined ? textBytes(raw, { offset, type, count }) : width * count;
    if (offset + length > raw.length) throw malformed(`tag ${tag} reaches past its header`);
    leftBytes -= length;
    if (leftBytes < 0) throw malformed("tags share most of their bytes");
    return { tag, type, count, offset, bytes: raw.subarray(offset, offset + length) };
  });
}

function textBytes(
  raw: Buffer,
  { offset, type, count }: { offset: number; type: number; count: number },
): number {
  if (type < TYPE.string || type > TYPE.translated) throw malformed("a tag is of an unknown kind");
  let at = offset;
  for (let left = count; left > 0; left -= 1) {
    const end = at < raw.length ? raw.indexOf(0, at) : -1;
    if (end < 0) throw malformed("a text does not end inside its header");
    at = end + 1;
  }
  return at - offset;
}

type Lie = (because: string, at: number, lengthBytes: number) => void;

/** The first tag seals the others: its trailer says how many tags there were when the package was built. */
function judgeRegion(
  entries: readonly Entry[],
  {
    raw,
    dataOffset,
    kind,
    lie,
  }: { raw: Buffer; dataOffset: number; kind: "signatures" | "immutable"; lie: Lie },
): boolean {
  const [first] = entries;
  const regionTag = REGION[kind];
  if (first === undefined || first.tag > REGION.immutable) return false;
  if (first.tag !== regionTag || first.type !== TYPE.binary || first.bytes.length !== ENTRY_BYTES)
    throw malformed("the region of a header is damaged");
  const tag = first.bytes.readUInt32BE(0);
  // RPM 4.0 wrote the image's number into the trailer of its signatures.
  const isNamed = tag === regionTag || (kind === "signatures" && tag === REGION.image);
  if (!isNamed || first.bytes.readUInt32BE(4) !== TYPE.binary || first.bytes.readUInt32BE(12) !== ENTRY_BYTES)
    throw malformed("the region of a header is damaged");
  const sealed = -first.bytes.readInt32BE(8) / ENTRY_BYTES;
  const end = first.offset + ENTRY_BYTES;
  if (!Number.isInteger(sealed) || sealed < 1 || sealed > entries.length)
    throw malformed("the region of a header is damaged");
  // The signature header is signed by nobody; what may stand there is judged tag by tag.
  if (kind === "immutable" && (sealed !== entries.length || end !== raw.length))
    lie("has tags outside the part of its header that is sealed", dataOffset, raw.length - dataOffset);
  return true;
}

/** No byte belongs to two tags, none but the filling before integers to no tag. */
function judgeSpace(
  entries: readonly Entry[],
  { raw, dataOffset, lie }: { raw: Buffer; dataOffset: number; lie: Lie },
): void {
  const ordered = [...entries].sort((left, right) => left.offset - right.offset);
  let end = dataOffset;
  for (const { tag, offset, bytes } of ordered) {
    if (offset < end) lie(`has tag ${tag}, which shares bytes with another`, offset, bytes.length);
    else judgeGap(raw, { from: end, to: offset, lie });
    end = Math.max(end, offset + bytes.length);
  }
  judgeGap(raw, { from: end, to: raw.length, lie });
}

function judgeGap(raw: Buffer, { from, to, lie }: { from: number; to: number; lie: Lie }): void {
  if (to - from > MOST_PADDING_BYTES || !isAllZero(raw.subarray(from, to)))
    lie(`has ${to - from} bytes in its header that belong to no tag`, from, to - from);
}

/** UTF-8 when it is, else Latin-1, so that no two names become one. */
function readText(bytes: Buffer): string {
  const text = bytes.toString("utf8");
  return text.includes("\ufffd") ? bytes.toString("latin1") : text;
}

export const malformed = (what: string): ArtifactError =>
  new ArtifactError("artifact.malformed", `rpm: ${what}`);
