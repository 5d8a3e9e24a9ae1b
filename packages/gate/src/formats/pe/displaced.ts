/**
 * makensis 3 grows the resources in place and moves what follows them, without telling the section table: relocations
 * that the table still places inside the resources then stand behind the image, and nobody needs them.
 * @module
 */

import type { ByteSource } from "@sallyport/core";
import { findFirstHeader } from "../nsis/first-header.ts";
import { type PeHeaders, RESOURCE_SECTION, type Section } from "./headers.ts";
import { findOverlay } from "./overlay.ts";

/** IMAGE_SCN_MEM_DISCARDABLE, IMAGE_SCN_MEM_EXECUTE. */
const DISCARDABLE = 0x0200_0000;
const EXECUTABLE = 0x2000_0000;

/** @returns the sections whose bytes stand, all of them, between the image and the installer's archive */
export async function findDisplaced(source: ByteSource, headers: PeHeaders): Promise<readonly Section[]> {
  const covered = coveredByResources(headers.sections);
  if (covered.length === 0) return [];
  const overlay = await findOverlay(source, headers);
  if (overlay === undefined) return [];
  const header = await findFirstHeader(source, overlay);
  if (header === undefined) return [];
  return isDisplaced(headers.sections, header - overlay.offsetBytes) ? covered : [];
}

/** @param sizeBytes - of what stands between the image and the installer's archive */
export function isDisplaced(sections: readonly Section[], sizeBytes: number): boolean {
  const covered = coveredByResources(sections);
  return covered.length > 0 && covered.reduce((sum, { rawSizeBytes }) => sum + rawSizeBytes, 0) === sizeBytes;
}

/** Only what may be thrown away once the program runs: anything else would be read from among the resources. */
function coveredByResources(sections: readonly Section[]): readonly Section[] {
  const resources = sections.find(({ name }) => name === RESOURCE_SECTION);
  if (resources === undefined) return [];
  const end = resources.rawOffsetBytes + resources.rawSizeBytes;
  return sections.filter(
    ({ rawOffsetBytes, rawSizeBytes, characteristics }) =>
      rawSizeBytes > 0 &&
      rawOffsetBytes > resources.rawOffsetBytes &&
      rawOffsetBytes < end &&
      (characteristics & (DISCARDABLE | EXECUTABLE)) === DISCARDABLE,
  );
}
