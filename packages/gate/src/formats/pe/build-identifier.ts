/** The PDB GUID and age that tie an image to one build. Source: Microsoft, PE Format, "Debug Directory"; CodeView RSDS. @module */

import { type ByteSource, readExactly } from "@sallyport/core";
import { directoryRange } from "./address.ts";
import { DIRECTORY, type PeHeaders } from "./headers.ts";

const ENTRY_BYTES = 28;
const MAX_ENTRIES = 64;
const CODE_VIEW = 2;

/**
 * @returns GUID as it is printed, without dashes, then the age in hex; undefined when the image carries none
 * @throws {@link ArtifactError} `artifact.truncated` when the directory points past the end of the file
 */
export async function readBuildIdentifier(
  source: ByteSource,
  headers: PeHeaders,
): Promise<string | undefined> {
  const range = directoryRange(headers, headers.directories[DIRECTORY.debug], ENTRY_BYTES * MAX_ENTRIES);
  if (range === undefined) return undefined;
  const table = await readExactly(source, range.offsetBytes, range.sizeBytes, "PE: debug directory");
  for (let at = 0; at + ENTRY_BYTES <= table.length; at += ENTRY_BYTES) {
    if (table.readUInt32LE(at + 12) !== CODE_VIEW || table.readUInt32LE(at + 16) < 24) continue;
    const record = await readExactly(source, table.readUInt32LE(at + 24), 24, "PE: CodeView record");
    if (record.toString("latin1", 0, 4) === "RSDS") return printGuid(record) + printAge(record);
  }
  return undefined;
}

/** The first three fields of a GUID are little-endian in the file and big-endian in print. */
function printGuid(record: Buffer): string {
  const fields = [record.readUInt32LE(4), record.readUInt16LE(8), record.readUInt16LE(10)];
  const [first = 0, second = 0, third = 0] = fields;
  return `${hex(first, 8)}${hex(second, 4)}${hex(third, 4)}${record.toString("hex", 12, 20)}`;
}

const printAge = (record: Buffer): string => record.readUInt32LE(20).toString(16);
const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, "0");
