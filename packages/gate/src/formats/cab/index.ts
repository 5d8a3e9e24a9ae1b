/**
 * Cabinets, which Windows installs from. Source: [MS-CAB].
 * @module
 */

import { type ByteSource, hasCode } from "@sallyport/core";
import { judgeMemberName, nameFinding } from "../../member-name.ts";
import type { Format, Member, OpenContext } from "../format.ts";
import { attributesOf } from "../member-attributes.ts";
import { FolderReader } from "./folder-reader.ts";
import {
  CABINET_MAGIC,
  type CabinetFile,
  type CabinetFolder,
  type CabinetHeader,
  readCabinetHeader,
  readFiles,
  readFolders,
} from "./header.ts";
import { reportLayout } from "./layout.ts";

export const cab: Format = {
  id: "cab",
  title: "Windows cabinet",
  document: "[MS-CAB]; LZX as in [MS-PATCH]",
  recognise: ({ head }) =>
    head.length >= 36 && head.subarray(0, 4).equals(CABINET_MAGIC) && head.readUInt16LE(24) === 0x0103,
  open,
};

async function* open(source: ByteSource, context: OpenContext): AsyncIterable<Member> {
  const header = await readCabinetHeader(source);
  const { files, end } = await readFiles(source, header);
  const byFolder = Map.groupBy(files, (file) => file.folder);
  const folders = (await readFolders(source, header)).map((folder, index) =>
    isEmptyByGcab(folder, byFolder.get(index) ?? [], header) ? { ...folder, dataBlocks: 0 } : folder,
  );
  await reportLayoutOrDamage(source, { header, folders, filesEnd: end }, context);
  reportNeighbours(header, context);
  reportTwins(files, context);
  for (const [index, folder] of folders.entries()) {
    yield* openFolder({ source, header, folder, context }, byFolder.get(index) ?? []);
  }
}

/** gcab, and wixl by it, counts one block for files that are all empty, and writes none. */
const isEmptyByGcab = (
  folder: CabinetFolder,
  files: readonly CabinetFile[],
  header: CabinetHeader,
): boolean =>
  folder.dataBlocks === 1 &&
  folder.dataOffset === header.sizeBytes &&
  files.length > 0 &&
  files.every(({ sizeBytes }) => sizeBytes === 0);

async function reportLayoutOrDamage(
  source: ByteSource,
  cabinet: Parameters<typeof reportLayout>[1],
  context: OpenContext,
): Promise<void> {
  try {
    await reportLayout(source, cabinet, context);
  } catch (error) {
    // The files before the damage are still listed; those behind it fail one by one.
    if (!hasCode(error, "artifact.truncated", "artifact.malformed")) throw error;
    const isCut = error.code === "artifact.truncated";
    context.report({
      check: isCut ? "opened" : "structure",
      outcome: isCut ? "unknown" : "fail",
      because: `it is damaged: ${error.message}`,
      facts: { code: error.code },
    });
  }
}

/** [MS-CAB] §2.1: a set of cabinets; what crosses over cannot be opened from one of them. */
function reportNeighbours({ previous, next }: CabinetHeader, context: OpenContext): void {
  for (const neighbour of [previous, next]) {
    if (neighbour === undefined) continue;
    context.report({
      check: "opened",
      outcome: "unknown",
      because: `is part of a set with the cabinet ${neighbour.cabinet}, which is needed to open what crosses over`,
      facts: { cabinet: neighbour.cabinet, disk: neighbour.disk },
    });
  }
}

/** Which of two files of one name is left on the disk differs from program to program, unless both are the same bytes. */
function reportTwins(files: readonly CabinetFile[], context: OpenContext): void {
  const seen = new Map<string, CabinetFile>();
  for (const file of files) {
    const other = seen.get(file.name);
    seen.set(file.name, file);
    if (other === undefined || (other.folder === file.folder && isSameRange(other, file))) continue;
    context.report({
      check: "structure",
      outcome: "fail",
      because: "is there twice",
      facts: {},
      member: file.name,
    });
  }
}

interface OpenFolder {
  readonly source: ByteSource;
  readonly header: CabinetHeader;
  readonly folder: CabinetFolder;
  readonly context: OpenContext;
}

/** Files of one folder in the order of their bytes, so that the folder is unpacked once. */
async function* openFolder(opened: OpenFolder, files: readonly CabinetFile[]): AsyncIterable<Member> {
  const { context, header, folder, source } = opened;
  const whole = files.filter(({ continues }) => !continues.fromPrevious && !continues.toNext);
  const crossing = whole.length < files.length;
  if (files.length === 0 && folder.dataBlocks > 0) {
    context.report({
      check: "structure",
      outcome: "fail",
      because: "a folder holds data and no file",
      facts: {},
    });
  }
  reportCrossing(files, context);
  if (folder.compression === "quantum") {
    reportUnsupported(whole, context);
    return;
  }
  const sorted = whole.toSorted((a, b) => a.folderOffset - b.folderOffset || a.sizeBytes - b.sizeBytes);
  const isExact = reportCoverage(sorted, context, crossing);
  const start = (): FolderReader =>
    new FolderReader(source, folder, {
      reserveBytes: header.reserve?.dataBytes ?? 0,
      budget: context.budget,
    });
  // Made when it is needed: a decoder's window is memory, and there may be many folders.
  let reader: FolderReader | undefined;
  let kept: Kept | undefined;
  for (const [index, file] of sorted.entries()) {
    context.budget.checkTime();
    const next = sorted[index + 1];
    yield memberOf(file, context, () => {
      if (kept !== undefined && isSameRange(kept.file, file)) return streamOf(kept.pieces);
      if (reader === undefined || reader.position > file.folderOffset) reader = start();
      const bytes = reader.read(file.folderOffset, file.sizeBytes);
      if (next === undefined || !isSameRange(file, next) || file.sizeBytes > context.maxHeldBytes / 8)
        return bytes;
      return keepWhole(bytes, (pieces) => {
        kept = { file, pieces };
      });
    });
    if (next === undefined && !crossing && isExact && reader !== undefined) {
      await reportRest(reader, file, context);
    }
  }
}

/** The bytes of a file that the next entry names again. */
interface Kept {
  readonly file: CabinetFile;
  readonly pieces: readonly Uint8Array[];
}

const isSameRange = (a: CabinetFile, b: CabinetFile): boolean =>
  a.folderOffset === b.folderOffset && a.sizeBytes === b.sizeBytes;

/** Hands the pieces on and keeps them, so that the folder is not unpacked anew for a second name. */
async function* keepWhole(
  bytes: AsyncIterable<Uint8Array>,
  keep: (pieces: readonly Uint8Array[]) => void,
): AsyncGenerator<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of bytes) {
    pieces.push(piece);
    yield piece;
  }
  keep(pieces);
}

async function* streamOf(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces;
}

/** What is unpacked behind the last file belongs to none. */
async function reportRest(reader: FolderReader, last: CabinetFile, context: OpenContext): Promise<void> {
  // Nobody read the last member: the descent gave it up, and says so.
  if (reader.position !== last.folderOffset + last.sizeBytes) return;
  const lengthBytes = await reader.drain();
  if (lengthBytes === 0) return;
  context.report({
    check: "structure",
    outcome: "fail",
    because: "a folder holds bytes behind its last file",
    facts: { lengthBytes },
  });
}

/** Files stand one after the other. Two names for the same bytes are honest: installers share duplicates so. */
function reportCoverage(sorted: readonly CabinetFile[], context: OpenContext, crossing: boolean): boolean {
  let end = 0;
  let gapBytes = 0;
  let overlaps = 0;
  let before: CabinetFile | undefined;
  for (const file of sorted) {
    const isSame = before !== undefined && isSameRange(before, file);
    if (!isSame && file.sizeBytes > 0) {
      if (file.folderOffset > end) gapBytes += file.folderOffset - end;
      if (file.folderOffset < end) overlaps += 1;
    }
    end = Math.max(end, file.folderOffset + file.sizeBytes);
    before = file;
  }
  const fail = (because: string, facts: { lengthBytes: number } | { files: number }): void =>
    context.report({ check: "structure", outcome: "fail", because, facts });
  if (gapBytes > 0 && !crossing) fail("a folder holds bytes between its files", { lengthBytes: gapBytes });
  if (overlaps > 0) fail("files of one folder overlap", { files: overlaps });
  return overlaps === 0;
}

function memberOf(file: CabinetFile, context: OpenContext, content: () => AsyncIterable<Uint8Array>): Member {
  const name = context.memberNames?.get(file.name) ?? file.name;
  const problem = judgeMemberName(name);
  if (problem !== undefined) context.report(nameFinding(problem, name));
  return { name, claimedBytes: file.sizeBytes, ...attributesOf(file), content };
}

function reportCrossing(files: readonly CabinetFile[], context: OpenContext): void {
  for (const { name, continues } of files) {
    if (!continues.fromPrevious && !continues.toNext) continue;
    context.budget.spendEntry();
    context.report({
      check: "opened",
      outcome: "unknown",
      because: continues.toNext ? "goes on in the next cabinet of its set" : "begins in the cabinet before",
      facts: {},
      member: context.memberNames?.get(name) ?? name,
    });
  }
}

function reportUnsupported(files: readonly CabinetFile[], context: OpenContext): void {
  for (const { name } of files) {
    context.budget.spendEntry();
    context.report({
      check: "opened",
      outcome: "unknown",
      because: "is compressed with Quantum, which cannot be opened",
      facts: {},
      member: context.memberNames?.get(name) ?? name,
    });
  }
}
