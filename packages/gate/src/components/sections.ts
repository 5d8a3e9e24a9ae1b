/** Where named sections of executables stand in the file, whatever the format. @module */

import type { ByteSource } from "@sallyport/core";
import { readElfHeaders, SECTION } from "../formats/elf/headers.ts";
import { nameSections } from "../formats/elf/sections.ts";
import { readMachHeaders, readMark } from "../formats/mach-o/headers.ts";
import { readSegments } from "../formats/mach-o/segments.ts";
import { readPeHeaders } from "../formats/pe/headers.ts";

export interface SectionRange {
  readonly name: string;
  readonly offsetBytes: number;
  readonly sizeBytes: number;
}

export const EXECUTABLES: ReadonlySet<string> = new Set(["pe", "elf", "mach-o"]);

const known = new WeakMap<ByteSource, Promise<readonly SectionRange[]>>();

/**
 * Read once for all finders that look at the same bytes.
 * @returns those that lie in the file; none for a universal file of Apple's, whose slices are members of their own
 * @throws {@link ArtifactError} when the headers are not what the format promises
 */
export function readSections(source: ByteSource, format: string): Promise<readonly SectionRange[]> {
  const sections = known.get(source) ?? sectionsInFile(source, format);
  known.set(source, sections);
  return sections;
}

async function sectionsInFile(source: ByteSource, format: string): Promise<readonly SectionRange[]> {
  const sections = await sectionsOf(source, format);
  return sections.filter(
    ({ offsetBytes, sizeBytes }) => sizeBytes > 0 && offsetBytes + sizeBytes <= source.sizeBytes,
  );
}

async function sectionsOf(source: ByteSource, format: string): Promise<readonly SectionRange[]> {
  if (format === "elf") {
    const named = await nameSections(source, await readElfHeaders(source));
    return named.filter(({ type }) => type !== SECTION.noBits && type !== SECTION.unused);
  }
  if (format === "pe") {
    const { sections } = await readPeHeaders(source);
    return sections.map(({ name, rawOffsetBytes, rawSizeBytes, virtualSizeBytes }) => ({
      name,
      offsetBytes: rawOffsetBytes,
      // The rest of the last block is filling.
      sizeBytes: virtualSizeBytes === 0 ? rawSizeBytes : Math.min(rawSizeBytes, virtualSizeBytes),
    }));
  }
  const head = Buffer.from(await source.read(0, Math.min(4, source.sizeBytes)));
  if (readMark(head) === undefined) return [];
  return readSegments(await readMachHeaders(source)).flatMap(({ sections }) => sections);
}
