/**
 * Is every byte of a cabinet accounted for? Source: [MS-CAB] §2: header, folders, files, then the data blocks of one
 * folder after the other, with nothing between.
 * @module
 */

import { ArtifactError, type Budget, type ByteSource, readExactly } from "@sallyport/core";
import type { Report } from "../../finding.ts";
import type { OpenContext } from "../format.ts";
import { type CabinetFolder, type CabinetHeader, foldersEnd } from "./header.ts";
import { signaturePlace } from "./signature-place.ts";

/** More of them say nothing new. */
const REPORTED_FAULTS = 16;

interface Range {
  readonly what: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Reports bytes that belong to nothing, and bytes that belong to two things.
 * @param filesEnd - where the file table ends
 * @throws {@link ArtifactError} `artifact.truncated` when a folder's blocks reach past the end of the file
 */
export async function reportLayout(
  source: ByteSource,
  cabinet: { header: CabinetHeader; folders: readonly CabinetFolder[]; filesEnd: number },
  { report, budget }: OpenContext,
): Promise<void> {
  const { header, folders, filesEnd } = cabinet;
  const ranges: Range[] = [
    { what: "the header", start: 0, end: foldersEnd(header) },
    { what: "the file table", start: header.filesOffset, end: filesEnd },
  ];
  // Together the folders cannot take up more than the file: a cabinet that says so is walked no further.
  let room = source.sizeBytes;
  for (const [index, folder] of folders.entries()) {
    const bounds = { reserveBytes: header.reserve?.dataBytes ?? 0, room, budget };
    const end = await blocksEnd(source, folder, bounds);
    room -= end - folder.dataOffset;
    ranges.push({ what: `the data of folder ${index}`, start: folder.dataOffset, end });
  }
  ranges.push(...tailOf(header, source.sizeBytes));
  ranges.sort((a, b) => a.start - b.start || a.end - b.end);
  let end = 0;
  let before = "its beginning";
  let faults = 0;
  for (const range of [...ranges, { what: "its end", start: source.sizeBytes, end: source.sizeBytes }]) {
    if (range.end === range.start && range.what !== "its end") continue;
    if (range.start !== end) faults += 1;
    if (faults > REPORTED_FAULTS) break;
    if (range.start > end) reportGap(report, { before, after: range.what, start: end, end: range.start });
    if (range.start < end) {
      report({
        check: "structure",
        outcome: "fail",
        because: `${before} and ${range.what} share bytes`,
        facts: { offsetBytes: range.start, lengthBytes: Math.min(end, range.end) - range.start },
      });
    }
    if (range.end >= end) before = range.what;
    end = Math.max(end, range.end);
  }
  reportFields(header, report);
}

function reportGap(report: Report, gap: { before: string; after: string; start: number; end: number }): void {
  report({
    check: "structure",
    outcome: "fail",
    because: `bytes between ${gap.before} and ${gap.after} belong to nothing`,
    facts: { offsetBytes: gap.start, lengthBytes: gap.end - gap.start },
  });
}

/** A signature may follow the cabinet; the scheme judges it. */
function tailOf(header: CabinetHeader, fileBytes: number): Range[] {
  const place = signaturePlace(header);
  if (place === undefined || place.offset !== header.sizeBytes) return [];
  return [
    { what: "the signature", start: place.offset, end: Math.min(place.offset + place.sizeBytes, fileBytes) },
  ];
}

function reportFields(header: CabinetHeader, report: Report): void {
  if (header.reservedFields.some((field) => field !== 0)) {
    report({
      check: "structure",
      outcome: "fail",
      because: "reserved fields of its header are not zero",
      facts: {},
    });
  }
}

/** Walks the headers of a folder's blocks; no further than `room` bytes, which the folders share. */
async function blocksEnd(
  source: ByteSource,
  folder: CabinetFolder,
  bounds: { readonly reserveBytes: number; readonly room: number; readonly budget: Budget },
): Promise<number> {
  const { reserveBytes, room, budget } = bounds;
  let offset = folder.dataOffset;
  for (let block = 0; block < folder.dataBlocks; block += 1) {
    budget.checkTime();
    if (offset - folder.dataOffset > room) {
      throw new ArtifactError("artifact.malformed", "cabinet: its folders share data blocks");
    }
    const header = await readExactly(source, offset, 8, "cabinet data block");
    offset += 8 + reserveBytes + header.readUInt16LE(4);
  }
  return offset;
}
