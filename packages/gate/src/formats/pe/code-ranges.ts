/**
 * Where the instructions of a Windows image stand. Source: Microsoft, PE Format, "Section Flags".
 * @module
 */

import type { CodeRange } from "../code-digest.ts";
import type { PeHeaders } from "./headers.ts";

const IMAGE_SCN_MEM_EXECUTE = 0x2000_0000;
const CLR_DIRECTORY = 14;

/** None for .NET: its sections hold metadata and a signature of its own, which tools write after it was linked. */
export function codeRanges({ sections, directories }: PeHeaders): readonly CodeRange[] {
  if ((directories[CLR_DIRECTORY]?.sizeBytes ?? 0) > 0) return [];
  return sections
    .filter(({ characteristics }) => (characteristics & IMAGE_SCN_MEM_EXECUTE) !== 0)
    .map(({ rawOffsetBytes, rawSizeBytes, virtualSizeBytes }) => ({
      offsetBytes: rawOffsetBytes,
      // What stands behind is filling up to the file's alignment.
      sizeBytes: virtualSizeBytes === 0 ? rawSizeBytes : Math.min(rawSizeBytes, virtualSizeBytes),
    }));
}
