/** Names and kinds as Unix knows them. Sources: IEEE P1281 (SUSP) §4, IEEE P1282 (RRIP) §4.1. @module */

import { type ByteSource, readExactly } from "@sallyport/core";

export interface RockRidge {
  readonly name: string | undefined;
  readonly isLink: boolean;
  /** A device, pipe or socket. */
  readonly isSpecial: boolean;
  /** zisofs: Linux unpacks the file while it reads. */
  readonly isPacked: boolean;
  /** CL: the folder was moved up, and belongs here. */
  readonly movedTo: number | undefined;
  /** RE: the folder here belongs elsewhere. */
  readonly isMoved: boolean;
}

const MOST_CONTINUATIONS = 32;
const [FORMAT_MASK, LINK, FOLDER, FILE] = [0o170000, 0o120000, 0o040000, 0o100000];

/** @param skipBytes - what SUSP's `SP` field says stands before each system use area */
export async function readRockRidge(
  source: ByteSource,
  systemUse: Buffer,
  { blockBytes, skipBytes }: { readonly blockBytes: number; readonly skipBytes: number },
): Promise<RockRidge> {
  const found = { names: [] as Buffer[], isLink: false, isSpecial: false, isPacked: false, isMoved: false };
  let movedTo: number | undefined;
  let area: Buffer | undefined = systemUse.subarray(skipBytes);
  for (let turn = 0; area !== undefined && turn < MOST_CONTINUATIONS; turn += 1) {
    let next: Buffer | undefined;
    for (const { mark, body } of fieldsOf(area)) {
      if (mark === "NM" && body.length > 1) found.names.push(body.subarray(1));
      if (mark === "SL") found.isLink = true;
      if (mark === "ZF") found.isPacked = true;
      if (mark === "RE") found.isMoved = true;
      if (mark === "CL" && body.length >= 4) movedTo = body.readUInt32LE(0);
      if (mark === "PX" && body.length >= 4) {
        const format = body.readUInt32LE(0) & FORMAT_MASK;
        found.isLink ||= format === LINK;
        found.isSpecial = ![0, LINK, FOLDER, FILE].includes(format);
      }
      if (mark === "CE" && body.length >= 24) {
        const [block, offset, length] = [0, 8, 16].map((at) => body.readUInt32LE(at));
        const start = (block ?? 0) * blockBytes + (offset ?? 0);
        next = await readExactly(source, start, Math.min(length ?? 0, blockBytes), "iso: a continuation");
      }
    }
    area = next;
  }
  const { names, ...kinds } = found;
  return { ...kinds, movedTo, name: names.length > 0 ? Buffer.concat(names).toString("utf8") : undefined };
}

/** `SP` stands in the root folder's first record, and says that all this is there. */
export function findSharing(systemUse: Buffer): number | undefined {
  for (const { mark, body } of fieldsOf(systemUse))
    if (mark === "SP" && body.length >= 3 && body.readUInt16BE(0) === 0xbeef) return body[2];
  return undefined;
}

function* fieldsOf(area: Buffer): Generator<{ mark: string; body: Buffer }> {
  for (let at = 0; at + 4 <= area.length; ) {
    const length = area[at + 2] ?? 0;
    if (length < 4 || at + length > area.length) return;
    yield { mark: area.toString("latin1", at, at + 2), body: area.subarray(at + 4, at + length) };
    at += length;
  }
}
