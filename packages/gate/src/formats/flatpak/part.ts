/**
 * One part of a static delta from nothing: a heap of bytes, and operations that cut objects out of it.
 * Sources: OSTree, ostree-repo-static-delta-private.h (OSTREE_STATIC_DELTA_PART_PAYLOAD_FORMAT_V0, operations) and
 * ostree-core.c (the checksum of a file covers its header).
 * @module
 */

import { createHash } from "node:crypto";
import { ArtifactError, type ByteSource, RangeSource, readExactly } from "@sallyport/core";
import type { OpenContext } from "../format.ts";
import { xz } from "../xz/index.ts";
import { BYTES, MIDDLE, readArray, readTuple, refuse } from "./gvariant.ts";
import { FILE, type ObjectName, type Part } from "./superblock.ts";

/** `(a(uuu)aa(ayay)ayay)`. */
const PAYLOAD = [MIDDLE, BYTES, BYTES, BYTES];
const MODE_BYTES = 12;
const [PLAIN, XZ] = [0, 0x78];
const LINK_MODE = 0o120000;
const FORMAT_MASK = 0o170000;

export interface DeltaObject extends ObjectName {
  /** Of a file its content, of a link its target, of everything else its whole self. */
  readonly bytes: Buffer;
  readonly isLink: boolean;
  /** Whether the bytes have the checksum that is their name. */
  readonly isHonest: boolean;
}

/** @throws {@link ArtifactError} for a part that is damaged, too large to hold, or leans on what is not here */
export async function readPart(source: ByteSource, part: Part, context: OpenContext): Promise<DeltaObject[]> {
  const payload = readTuple(await unpack(source, part, context), PAYLOAD);
  const [modes = EMPTY, attributes = EMPTY, heap = EMPTY, operations = EMPTY] = payload;
  if (modes.length % MODE_BYTES !== 0) refuse("has a list of modes of no whole length");
  const cutter = new Cutter(heap, { modes, attributes: readArray(attributes, 1) });
  return part.objects.map((object) => {
    context.budget.checkTime();
    return cutter.next(operations, object);
  });
}

const EMPTY = Buffer.alloc(0);

/** The first byte says how it is packed; an array of bytes needs no framing behind it. */
async function unpack(source: ByteSource, { start, end }: Part, context: OpenContext): Promise<Buffer> {
  const [kind] = await readExactly(source, start, 1, "flatpak: a part");
  const packed = new RangeSource(source, start + 1, end - start - 1);
  if (kind === PLAIN) return hold(packed.stream(), context);
  if (kind !== XZ)
    throw new ArtifactError("artifact.unsupported", "flatpak: a part is packed in an unknown way");
  for await (const member of xz.openStream?.(packed.stream(), context) ?? [])
    return hold(member.content(), context);
  return refuse("has a part without content");
}

async function hold(bytes: AsyncIterable<Uint8Array>, { maxHeldBytes }: OpenContext): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let sizeBytes = 0;
  for await (const piece of bytes) {
    sizeBytes += piece.length;
    if (sizeBytes > maxHeldBytes / 4)
      throw new ArtifactError(
        "artifact.over-limit",
        `flatpak: a part needs more than ${maxHeldBytes / 4} bytes at once`,
      );
    pieces.push(Buffer.from(piece));
  }
  return Buffer.concat(pieces);
}

class Cutter {
  readonly #heap: Buffer;
  readonly #modes: Buffer;
  readonly #attributes: readonly Buffer[];
  #at = 0;

  constructor(
    heap: Buffer,
    { modes, attributes }: { readonly modes: Buffer; readonly attributes: readonly Buffer[] },
  ) {
    this.#heap = heap;
    this.#modes = modes;
    this.#attributes = attributes;
  }

  /** Runs operations until the object is there. */
  next(operations: Buffer, object: ObjectName): DeltaObject {
    const operation = String.fromCharCode(operations[this.#at] ?? 0);
    this.#at += 1;
    if (operation === "S") return this.#splice(operations, object);
    if (operation === "o") return this.#write(operations, object);
    throw new ArtifactError(
      "artifact.unsupported",
      "flatpak: a part changes files of another version, which is not here",
    );
  }

  #splice(operations: Buffer, object: ObjectName): DeltaObject {
    const header = object.kind === FILE ? this.#header(operations) : undefined;
    const sizeBytes = this.#number(operations);
    return toObject(object, header, this.#cut(this.#number(operations), sizeBytes));
  }

  /** Opened, written in pieces, closed. */
  #write(operations: Buffer, object: ObjectName): DeltaObject {
    const header = this.#header(operations);
    const sizeBytes = this.#number(operations);
    const pieces: Buffer[] = [];
    let written = 0;
    for (;;) {
      const operation = String.fromCharCode(operations[this.#at] ?? 0);
      this.#at += 1;
      if (operation === "c") break;
      if (operation !== "w")
        throw new ArtifactError("artifact.unsupported", "flatpak: a part changes files of another version");
      const length = this.#number(operations);
      pieces.push(this.#cut(this.#number(operations), length));
      written += length;
      if (written > sizeBytes) refuse("writes more than it opened");
    }
    if (written !== sizeBytes) refuse("writes less than it opened");
    return toObject(object, header, Buffer.concat(pieces));
  }

  #header(operations: Buffer): Header {
    const mode = this.#number(operations) * MODE_BYTES;
    const attributes = this.#attributes[this.#number(operations)];
    if (mode + MODE_BYTES > this.#modes.length || attributes === undefined)
      return refuse("names a mode that it does not list");
    return { owner: this.#modes.subarray(mode, mode + MODE_BYTES), attributes };
  }

  #cut(offset: number, sizeBytes: number): Buffer {
    if (offset + sizeBytes > this.#heap.length) refuse("cuts an object out of nothing");
    return this.#heap.subarray(offset, offset + sizeBytes);
  }

  /** Seven bits a byte, the lowest first. */
  #number(operations: Buffer): number {
    let value = 0;
    for (let scale = 1; scale < 2 ** 49; scale *= 128) {
      const byte = operations[this.#at];
      if (byte === undefined) refuse("ends inside an operation");
      this.#at += 1;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    return refuse("has a number that is too long");
  }
}

interface Header {
  /** Owner, group and mode, big-endian. */
  readonly owner: Buffer;
  /** Extended attributes, as they are. */
  readonly attributes: Buffer;
}

function toObject(object: ObjectName, header: Header | undefined, bytes: Buffer): DeltaObject {
  const isLink = header !== undefined && (header.owner.readUInt32BE(8) & FORMAT_MASK) === LINK_MODE;
  const hash = createHash("sha256");
  if (header !== undefined) hash.update(fileHeader(header, isLink ? bytes : EMPTY));
  if (!isLink) hash.update(bytes);
  return { ...object, bytes, isLink, isHonest: hash.digest("hex") === object.checksum };
}

/** `(uuuusa(ayay))`, with its length before it, as it is hashed. */
function fileHeader({ owner, attributes }: Header, target: Buffer): Buffer {
  const body = Buffer.concat([owner, Buffer.alloc(4), target, Buffer.alloc(1), attributes]);
  const textEnd = owner.length + 4 + target.length + 1;
  const width = [1, 2, 4].find((bytes) => body.length + bytes < 256 ** bytes) ?? 4;
  const framing = Buffer.alloc(width);
  framing.writeUIntLE(textEnd, 0, width);
  const prefix = Buffer.alloc(8);
  prefix.writeUInt32BE(body.length + width, 0);
  return Buffer.concat([prefix, body, framing]);
}
