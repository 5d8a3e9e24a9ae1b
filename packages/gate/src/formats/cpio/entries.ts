/** Walks the entries of a cpio archive from front to back. Source: cpio(5) of FreeBSD 14; RPM manual. @module */

import { ArtifactError, type Budget } from "@sallyport/core";
import { type FrontReader, isAllZero } from "../front-reader.ts";
import { type Header, type HeaderKind, kindOf, MAGIC_BYTES } from "./header.ts";

const TRAILER = "TRAILER!!!";
const LONGEST_LINK_BYTES = 64 * 1024;

export type EntryType = "file" | "folder" | "link" | "device" | "unknown";

export interface Entry {
  readonly name: string;
  readonly type: EntryType;
  readonly sizeBytes: number;
  /** stat(2): kind and rights. */
  readonly mode: number;
  /** Seconds since 1970. */
  readonly modifiedSeconds: number | undefined;
  /** Where a link points to. */
  readonly linkTarget: string;
  /** Of the file in the list of the package around the archive. */
  readonly fileIndex: number | undefined;
  /** The bytes, once; what is left unread is passed over. */
  content(): AsyncGenerator<Buffer>;
}

/** What the package around the archive knows of a file whose header was stripped. */
export interface ListedFile {
  readonly name: string;
  readonly mode: number;
  readonly sizeBytes: number;
  /** Seconds since 1970. */
  readonly modifiedSeconds?: number | undefined;
}

export interface EntryReading {
  readonly budget: Budget;
  /** Told of what two readers would understand differently. */
  readonly lie: (because: string, member: string | undefined) => void;
  /** @returns undefined when the package lists no such file */
  readonly listed?: (fileIndex: number) => ListedFile | undefined;
}

/**
 * Ends after the trailer, which is taken from the reader.
 * @throws {@link ArtifactError} `artifact.truncated`, `artifact.malformed`, `artifact.unsupported`, `artifact.over-limit`
 */
export async function* walkEntries(reader: FrontReader, reading: EntryReading): AsyncGenerator<Entry> {
  // Offsets inside the archive, not inside what it lies in.
  const start = reader.offsetBytes;
  for (;;) {
    reading.budget.checkTime();
    const { kind, header } = await readHeader(reader);
    const name = await readName(reader, { header, kind, start, reading });
    const listed = header.fileIndex === undefined ? undefined : findListed(header.fileIndex, reading);
    if (listed === undefined && name === TRAILER) {
      if (header.sizeBytes > 0) reading.lie("has content behind its end mark", undefined);
      return;
    }
    const found = new OpenEntry(reader, { header, name, listed, reading });
    yield await found.entry();
    await found.finish();
    await skipPadding(reader, { kind, start, reading, member: found.name });
  }
}

async function readHeader(reader: FrontReader): Promise<{ kind: HeaderKind; header: Header }> {
  const magic = await reader.exactly(MAGIC_BYTES, "cpio: the archive");
  const kind = kindOf(magic);
  if (kind === undefined) throw new ArtifactError("artifact.malformed", "cpio: no header where one must be");
  const rest = await reader.exactly(kind.headerBytes - MAGIC_BYTES, "cpio: a header");
  return { kind, header: kind.parse(Buffer.concat([magic, rest])) };
}

interface NamePlace {
  readonly header: Header;
  readonly kind: HeaderKind;
  readonly start: number;
  readonly reading: EntryReading;
}

async function readName(reader: FrontReader, { header, kind, start, reading }: NamePlace): Promise<string> {
  const raw = await reader.exactly(header.nameBytes, "cpio: a member's name");
  const end = raw.indexOf(0);
  if (header.nameBytes > 0 && end < 0)
    throw new ArtifactError("artifact.malformed", "cpio: a member's name does not end");
  const name = end < 0 ? "" : readText(raw.subarray(0, end));
  if (end >= 0 && end !== raw.length - 1) reading.lie("has bytes behind the end of its name", name);
  await skipPadding(reader, { kind, start, reading, member: name });
  return name;
}

function findListed(fileIndex: number, reading: EntryReading): ListedFile {
  if (reading.listed === undefined)
    throw new ArtifactError("artifact.unsupported", "cpio: the names are in the package around it, not here");
  const listed = reading.listed(fileIndex);
  if (listed === undefined)
    throw new ArtifactError("artifact.malformed", "cpio: a member is not in the package's list");
  return listed;
}

async function skipPadding(
  reader: FrontReader,
  { kind, start, reading, member }: Omit<NamePlace, "header"> & { member: string },
): Promise<void> {
  const over = (reader.offsetBytes - start) % kind.alignment;
  if (over === 0) return;
  const padding = await reader.exactly(kind.alignment - over, "cpio: the padding of a member");
  if (!isAllZero(padding)) reading.lie("has bytes that are not zero in its padding", member);
}

/** One entry whose content is still to come. */
class OpenEntry {
  readonly name: string;
  readonly #reader: FrontReader;
  readonly #reading: EntryReading;
  readonly #header: Header;
  readonly #listed: ListedFile | undefined;
  readonly #mode: number;
  readonly #sizeBytes: number;
  #missingBytes: number;
  #sum = 0;

  constructor(
    reader: FrontReader,
    found: { header: Header; name: string; listed: ListedFile | undefined; reading: EntryReading },
  ) {
    this.#reader = reader;
    this.#reading = found.reading;
    this.#header = found.header;
    this.name = found.listed?.name ?? found.name;
    this.#listed = found.listed;
    this.#mode = found.listed?.mode ?? found.header.mode;
    this.#sizeBytes = found.listed?.sizeBytes ?? found.header.sizeBytes;
    this.#missingBytes = this.#sizeBytes;
  }

  async entry(): Promise<Entry> {
    const type = typeOf(this.#mode);
    return {
      name: this.name,
      type,
      sizeBytes: this.#sizeBytes,
      mode: this.#mode,
      modifiedSeconds: this.#listed?.modifiedSeconds ?? this.#header.modifiedSeconds,
      linkTarget: type === "link" ? await this.#readTarget() : "",
      fileIndex: this.#header.fileIndex,
      content: () => this.#content(),
    };
  }

  async finish(): Promise<void> {
    while (this.#missingBytes > 0) await this.#next();
    const { checksum } = this.#header;
    // cpio(1) writes a sum for files only.
    if (checksum !== undefined && typeOf(this.#mode) === "file" && checksum !== this.#sum)
      this.#reading.lie("does not have the checksum its header gives", this.name);
  }

  async #readTarget(): Promise<string> {
    if (this.#sizeBytes > LONGEST_LINK_BYTES)
      throw new ArtifactError("artifact.over-limit", "cpio: a link's target is too long");
    const raw = await this.#reader.exactly(this.#sizeBytes, "cpio: a link's target");
    this.#missingBytes = 0;
    const end = raw.indexOf(0);
    return readText(end < 0 ? raw : raw.subarray(0, end));
  }

  async *#content(): AsyncGenerator<Buffer> {
    while (this.#missingBytes > 0) yield await this.#next();
  }

  async #next(): Promise<Buffer> {
    const piece = await this.#reader.piece(this.#missingBytes);
    if (piece === undefined) throw new ArtifactError("artifact.truncated", "cpio: a member is cut short");
    this.#missingBytes -= piece.length;
    this.#reading.budget.spendBytes(piece.length);
    if (this.#header.checksum !== undefined) for (const byte of piece) this.#sum = (this.#sum + byte) >>> 0;
    return piece;
  }
}

/** stat(2): the upper bits of the mode. */
function typeOf(mode: number): EntryType {
  const bits = mode & 0o170000;
  if (bits === 0o100000 || bits === 0) return "file";
  if (bits === 0o040000) return "folder";
  if (bits === 0o120000) return "link";
  return [0o010000, 0o020000, 0o060000, 0o140000].includes(bits) ? "device" : "unknown";
}

/** UTF-8 when it is, else Latin-1, so that no two names become one. */
function readText(bytes: Buffer): string {
  const text = bytes.toString("utf8");
  return text.includes("\ufffd") ? bytes.toString("latin1") : text;
}
