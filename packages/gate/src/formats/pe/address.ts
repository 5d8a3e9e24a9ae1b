/** From addresses in memory to places in the file. Source: Microsoft, PE Format, "Section Table". @module */

import type { DataDirectory, FileRange, PeHeaders } from "./headers.ts";

/**
 * Where the bytes at a relative virtual address stand in the file.
 * @returns undefined when no section, and not the headers, hold all `sizeBytes` of them in the file
 */
export function offsetOf(headers: PeHeaders, address: number, sizeBytes: number): number | undefined {
  if (address + sizeBytes <= headers.sizeOfHeadersBytes) return address;
  for (const section of headers.sections) {
    const within = address - section.address;
    if (within >= 0 && within + sizeBytes <= section.rawSizeBytes) return section.rawOffsetBytes + within;
  }
  return undefined;
}

/** The file range of a data directory, bounded by `maxBytes`; undefined when absent or not in the file. */
export function directoryRange(
  headers: PeHeaders,
  directory: DataDirectory | undefined,
  maxBytes: number,
): FileRange | undefined {
  if (directory === undefined || directory.address === 0 || directory.sizeBytes === 0) return undefined;
  const sizeBytes = Math.min(directory.sizeBytes, maxBytes);
  const offsetBytes = offsetOf(headers, directory.address, sizeBytes);
  return offsetBytes === undefined ? undefined : { offsetBytes, sizeBytes };
}
