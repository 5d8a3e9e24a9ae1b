/**
 * cpio archives: the inside of RPM packages, of macOS packages, and the early file systems that a kernel starts with.
 * Sources: cpio(5) of FreeBSD 14; POSIX.1-2024 pax; Linux, "initramfs buffer format".
 * @module
 */

import type { Format, Glimpse, Member, OpenContext } from "../format.ts";
import { FrontReader, isAllZero, judgeRest } from "../front-reader.ts";
import { attributesOf, linkMember } from "../member-attributes.ts";
import { walkEntries } from "./entries.ts";
import { kindOf, MAGIC_BYTES } from "./header.ts";
import { EntryJudge } from "./judge.ts";

export const cpio: Format = {
  id: "cpio",
  title: "cpio archive",
  document: "cpio(5) of FreeBSD 14, POSIX.1-2024 pax",
  recognise,
  openStream: openCpio,
};

function recognise({ head }: Glimpse): boolean {
  const kind = kindOf(head);
  if (kind === undefined || head.length < kind.headerBytes) return false;
  if (kind.id !== "binary") return true;
  // Its mark is two bytes: the name must stand where the header says.
  const nameBytes = head.readUInt16LE(0) === 0o070707 ? head.readUInt16LE(20) : head.readUInt16BE(20);
  const end = kind.headerBytes + nameBytes;
  return nameBytes > 1 && head.indexOf(0, kind.headerBytes) === end - 1;
}

async function* openCpio(bytes: AsyncIterable<Uint8Array>, context: OpenContext): AsyncGenerator<Member> {
  const reader = new FrontReader(bytes);
  const judge = new EntryJudge(context);
  const lie = (because: string, member: string | undefined) =>
    context.report({
      check: "structure",
      outcome: "fail",
      because,
      facts: {},
      ...(member !== undefined && { member }),
    });
  for await (const entry of walkEntries(reader, { budget: context.budget, lie })) {
    const { name, sizeBytes, mode, modifiedSeconds } = entry;
    const known = context.memberNames?.get(name) ?? name;
    const attributes = attributesOf({ mode, modifiedSeconds });
    const isExamined = judge.judge(entry);
    if (entry.type === "link" && entry.linkTarget !== "")
      yield linkMember(known, entry.linkTarget, { modifiedSeconds });
    else if (isExamined)
      yield { name: known, claimedBytes: sizeBytes, ...attributes, content: () => entry.content() };
    else context.budget.spendEntry();
  }
  yield* openRest(reader, context);
}

/**
 * cpio(1) stops at the end mark. A kernel goes on: its early file system is one archive after the other, the later ones
 * compressed, zeros in between. What follows is opened like everything else; what no kernel would read is a lie.
 */
async function* openRest(reader: FrontReader, context: OpenContext): AsyncGenerator<Member> {
  await skipZeros(reader, context);
  const offsetBytes = reader.offsetBytes;
  const mark = await reader.upTo(MAGIC_BYTES);
  if (mark.length === 0) return;
  reader.unread(mark);
  if (startsArchive(mark)) {
    yield { name: "next-archive", isCarried: true, content: () => drain(reader) };
    return;
  }
  const { lengthBytes } = await judgeRest(reader, () => context.budget.checkTime());
  const because = `has ${lengthBytes} bytes after its end that are not all zero`;
  context.report({ check: "structure", outcome: "fail", because, facts: { offsetBytes, lengthBytes } });
}

async function skipZeros(reader: FrontReader, context: OpenContext): Promise<void> {
  for (let piece = await reader.piece(); piece !== undefined; piece = await reader.piece()) {
    context.budget.checkTime();
    if (isAllZero(piece)) continue;
    reader.unread(piece.subarray(piece.findIndex((byte) => byte !== 0)));
    return;
  }
}

/** Linux, `lib/decompress.c`: gzip, xz, Zstandard, LZ4, bzip2, LZMA and LZO. */
const COMPRESSED = ["1f8b", "fd377a585a00", "28b52ffd", "02214c18", "425a68", "5d0000", "894c5a4f"];

const startsArchive = (mark: Buffer): boolean =>
  kindOf(mark) !== undefined || COMPRESSED.some((hex) => mark.toString("hex").startsWith(hex));

async function* drain(reader: FrontReader): AsyncGenerator<Buffer> {
  for (let piece = await reader.piece(); piece !== undefined; piece = await reader.piece()) yield piece;
}
