/**
 * Header of a package as rpm's database keeps it: without the mark and padding it has in a package file.
 * Source: RPM manual, "Package format", "Header"; RPM 6.0, `include/rpm/rpmtag.h`.
 * @module
 */

import { ArtifactError } from "@sallyport/core";

export interface RpmTexts {
  readonly texts: Readonly<Partial<Record<TextName, string>>>;
  readonly epoch: number | undefined;
}

type TextName = "name" | "version" | "release" | "vendor" | "licence" | "architecture" | "sourcePackage";

const INTRO_BYTES = 8;
const ENTRY_BYTES = 16;
const MAX_ENTRIES = 0xffff;
const EPOCH = 1003;
const TEXTS: ReadonlyMap<number, TextName> = new Map([
  [1000, "name"],
  [1001, "version"],
  [1002, "release"],
  [1011, "vendor"],
  [1014, "licence"],
  [1022, "architecture"],
  [1044, "sourcePackage"],
]);
const TYPE = { int32: 4, string: 6, translated: 9 } as const;
const MAX_TEXT_BYTES = 1024;

/** @throws {@link ArtifactError} `artifact.malformed` */
export function readRpmHeader(blob: Buffer): RpmTexts {
  if (blob.length < INTRO_BYTES) throw malformed();
  const count = blob.readUInt32BE(0);
  const dataStart = INTRO_BYTES + count * ENTRY_BYTES;
  if (count > MAX_ENTRIES || dataStart + blob.readUInt32BE(4) > blob.length) throw malformed();
  const texts: Partial<Record<TextName, string>> = {};
  let epoch: number | undefined;
  for (let at = INTRO_BYTES; at < dataStart; at += ENTRY_BYTES) {
    const [tag, type, offset] = [
      blob.readUInt32BE(at),
      blob.readUInt32BE(at + 4),
      dataStart + blob.readUInt32BE(at + 8),
    ];
    const name = TEXTS.get(tag);
    if (name !== undefined && (type === TYPE.string || type === TYPE.translated))
      texts[name] = textAt(blob, offset);
    if (tag === EPOCH && type === TYPE.int32 && offset + 4 <= blob.length) epoch = blob.readUInt32BE(offset);
  }
  return { texts, epoch };
}

function textAt(blob: Buffer, offset: number): string {
  const piece = blob.subarray(offset, offset + MAX_TEXT_BYTES);
  const end = piece.indexOf(0);
  return piece.toString("utf8", 0, end < 0 ? piece.length : end);
}

const malformed = (): ArtifactError =>
  new ArtifactError("artifact.malformed", "rpm: a header in the database is not whole");
