/**
 * Is every byte of a cabinet accounted for? Source: [MS-CAB] §2: header, folders, files, then the data blocks of one
 * folder after the other, with nothing between.
 * @module
 */

import { type ByteSource, readExactly } from "@sallyport/core";
import type { Report } from "../../finding.ts";
import { type CabinetFolder, type CabinetHeader, foldersEnd } from "./header.ts";
import { signaturePlace } from "./signature-place.ts";

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
  report: Report,
): Promise<void> {
  const { header, folders, filesEnd } = cabinet;
  const ranges: Range[] = [
    { what: "the header", start: 0, end: foldersEnd(header) },
    { what: "the file table", start: header.filesOffset, end: filesEnd },
  ];
  for (const [index, folder] of folders.entries()) {
    ranges.push({
      what: `the data of folder ${index}`,
      start: folder.dataOffset,
      end: await blocksEnd(source, folder, header.reserve?.dataBytes ?? 0),
    });
  }
  ranges.push(...tailOf(header, source.sizeBytes));
  ranges.sort((a, b) => a.start - b.start || a.end - b.end);
  let end = 0;
  let before = "its beginning";
  for (const range of [...ranges, { what: "its end", start: source.sizeBytes, end: source.sizeBytes }]) {
    if (range.end === range.start && range.what !== "its end") continue;
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

async function blocksEnd(source: ByteSource, folder: CabinetFolder, reserveBytes: number): Promise<number> {
  let offset = folder.dataOffset;
  for (let block = 0; block < folder.dataBlocks; block += 1) {
    const header = await readExactly(source, offset, 8, "cabinet data block");
    offset += 8 + reserveBytes + header.readUInt16LE(4);
  }
  return offset;
}
