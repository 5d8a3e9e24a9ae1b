/**
 * A notarisation ticket stapled behind a package: a mark that ends the archive, the ticket, and a trailer that tells how
 * long it is. Source: Apple's `stapler`, as PyOxidizer's `apple-codesign`, `stapling.rs`, describes what it writes.
 * @module
 */

import { type ByteSource, readExactly } from "@sallyport/core";

const MARK = "t8lr";
const TRAILER_BYTES = 16;
const TERMINATOR = 1;
const TICKET = 2;
/** Tickets list the code hashes of a package, 30 bytes each. */
const MAX_TICKET_BYTES = 16 * 1024 * 1024;

/** @returns whether exactly a stapled ticket stands between `endBytes` and the end of the file */
export async function endsWithTicket(source: ByteSource, endBytes: number): Promise<boolean> {
  const restBytes = source.sizeBytes - endBytes;
  if (restBytes <= 2 * TRAILER_BYTES || restBytes > MAX_TICKET_BYTES) return false;
  const first = readTrailer(await readExactly(source, endBytes, TRAILER_BYTES, "xar: ticket"));
  const last = readTrailer(
    await readExactly(source, source.sizeBytes - TRAILER_BYTES, TRAILER_BYTES, "xar: ticket"),
  );
  return (
    first?.type === TERMINATOR &&
    first.lengthBytes === 0 &&
    last?.type === TICKET &&
    last.lengthBytes === restBytes - 2 * TRAILER_BYTES
  );
}

function readTrailer(bytes: Buffer): { type: number; lengthBytes: number } | undefined {
  const isTrailer = bytes.toString("latin1", 0, 4) === MARK && bytes.readUInt16LE(4) === 1;
  return isTrailer && bytes.readUInt32LE(12) === 0
    ? { type: bytes.readUInt16LE(6), lengthBytes: bytes.readUInt32LE(8) }
    : undefined;
}
