/** The PDB GUID and age that tie an image to one build. Source: Microsoft, PE Format, "Debug Directory"; CodeView RSDS. @module */

import { type ByteSource, readExactly } from "@sallyport/core";
import { CODE_VIEW, readDebugEntries } from "./debug-directory.ts";
import type { PeHeaders } from "./headers.ts";

/**
 * @returns GUID as it is printed, without dashes, then the age in hex; undefined when the image carries none
 * @throws {@link ArtifactError} `artifact.truncated` when the directory points past the end of the file
 */
export async function readBuildIdentifier(
  source: ByteSource,
  headers: PeHeaders,
): Promise<string | undefined> {
  for (const { type, offsetBytes, sizeBytes } of await readDebugEntries(source, headers)) {
    if (type !== CODE_VIEW || sizeBytes < 24) continue;
    const record = await readExactly(source, offsetBytes, 24, "PE: CodeView record");
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
