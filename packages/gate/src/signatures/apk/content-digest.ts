/**
 * The digest of a whole package but its signing block: of pieces of a mebibyte, section by section, and of their digests.
 * Source: Android, "APK Signature Scheme v2", Integrity-protected contents.
 * @module
 */

import { createHash } from "node:crypto";
import { ArtifactError, type Budget, type ByteSource, readExactly } from "@sallyport/core";

const PIECE_BYTES = 1024 * 1024;
const MAX_END_BYTES = 22 + 0xffff;

export interface SignedSections {
  readonly source: ByteSource;
  /** Where the members end and the signing block begins. */
  readonly blockOffset: number;
  readonly directoryOffset: number;
  readonly directoryBytes: number;
}

export async function contentDigests(
  sections: SignedSections,
  names: ReadonlySet<"sha256" | "sha512">,
  budget: Budget,
): Promise<ReadonlyMap<string, Buffer>> {
  const { source, blockOffset, directoryOffset, directoryBytes } = sections;
  const digests = new Map([...names].map((name) => [name as string, [] as Buffer[]]));
  const add = (piece: Buffer) => {
    budget.checkTime();
    for (const [name, list] of digests)
      list.push(createHash(name).update(prefix(0xa5, piece.length)).update(piece).digest());
  };
  for (const [from, to] of [
    [0, blockOffset],
    [directoryOffset, directoryOffset + directoryBytes],
  ] as const)
    for (let at = from; at < to; at += PIECE_BYTES)
      add(await readExactly(source, at, Math.min(PIECE_BYTES, to - at), "apk: content"));
  add(await endBefore(sections));
  return new Map(
    [...digests].map(([name, list]) => [
      name,
      createHash(name).update(prefix(0x5a, list.length)).update(Buffer.concat(list)).digest(),
    ]),
  );
}

function prefix(mark: number, count: number): Buffer {
  const bytes = Buffer.alloc(5);
  bytes.writeUInt8(mark, 0);
  bytes.writeUInt32LE(count, 1);
  return bytes;
}

/** The end record as if the directory stood where the signing block begins. */
async function endBefore(sections: SignedSections): Promise<Buffer> {
  const { source, blockOffset, directoryOffset, directoryBytes } = sections;
  const endsAt = directoryOffset + directoryBytes;
  const lengthBytes = source.sizeBytes - endsAt;
  if (lengthBytes < 22 || lengthBytes > MAX_END_BYTES)
    throw new ArtifactError("artifact.unsupported", "apk: the end record is not one that Android signs");
  const record = Buffer.from(await readExactly(source, endsAt, lengthBytes, "apk: end record"));
  if (record.readUInt32LE(0) !== 0x06054b50)
    throw new ArtifactError(
      "artifact.unsupported",
      "apk: the package is a zip64, which Android does not sign",
    );
  record.writeUInt32LE(blockOffset, 16);
  return record;
}
