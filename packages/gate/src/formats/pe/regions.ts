/** Sections as regions of an executable: what they hold, who may write there. Source: Microsoft, PE Format, "Section Flags". @module */

import { type Budget, readExactly } from "@sallyport/core";
import { MAX_BLOCKS, MAX_REGIONS, type Region } from "../../traits/executable/facts.ts";
import { measureCode, measureRange } from "../../traits/executable/measure.ts";
import type { Section } from "./headers.ts";
import type { MappedImage } from "./mapped-image.ts";

/** IMAGE_SCN_CNT_CODE, _MEM_EXECUTE, _MEM_READ, _MEM_WRITE. */
const CODE = 0x20;
const EXECUTE = 0x2000_0000;
const READ = 0x4000_0000;
const WRITE = 0x8000_0000;
/** Padding is less than the file alignment, which is at most 64 KiB. */
const MAX_PADDING_BYTES = 0x1_0000;
const SHOWN_BYTES = 64;
/** Over all sections; programs have one that is large. */
const MAX_ALL_BLOCKS = 2 * MAX_BLOCKS;
const BLOCK_DIGITS = 8;

/**
 * Every section, in the table's order. Sections that overlap are read no more than the file is long, and once more.
 * @throws {@link ArtifactError} `artifact.truncated` when one reaches past the end of the file
 */
export async function readRegions(image: MappedImage, budget: Budget): Promise<Region[]> {
  const regions: Region[] = [];
  let leftBytes = image.source.sizeBytes * 2;
  let leftBlocks = MAX_ALL_BLOCKS;
  for (const section of image.headers.sections.slice(0, MAX_REGIONS)) {
    leftBytes -= section.rawSizeBytes;
    if (leftBytes < 0) regions.push(describe(section));
    else regions.push(withinBlocks(await readRegion(image, section, budget), leftBlocks));
    leftBlocks -= blocksOf(regions.at(-1));
  }
  return regions;
}

const blocksOf = (region: Region | undefined): number => (region?.blocks?.length ?? 0) / BLOCK_DIGITS;

/** Keeps the digest alone where there are more blocks than may be kept. */
function withinBlocks(region: Region, most: number): Region {
  if (blocksOf(region) <= most) return region;
  const { blocks: _blocks, blockBytes: _blockBytes, ...rest } = region;
  return rest;
}

function describe({ name, address, virtualSizeBytes, rawSizeBytes, ...section }: Section): Region {
  const flags = section.characteristics;
  const access = [flags & READ ? "r" : "-", flags & WRITE ? "w" : "-", flags & EXECUTE ? "x" : "-"].join("");
  return {
    name,
    address,
    memoryBytes: virtualSizeBytes === 0 ? rawSizeBytes : virtualSizeBytes,
    offsetBytes: section.rawOffsetBytes,
    fileBytes: rawSizeBytes,
    access,
    isCode: (flags & (CODE | EXECUTE)) !== 0,
  };
}

async function readRegion(image: MappedImage, section: Section, budget: Budget): Promise<Region> {
  const region = describe(section);
  const { source } = image;
  const { offsetBytes } = region;
  const sizeBytes = Math.min(
    region.memoryBytes,
    region.fileBytes,
    Math.max(0, source.sizeBytes - offsetBytes),
  );
  if (sizeBytes === 0) return region;
  const measured = await (region.isCode ? measureCode : measureRange)(
    source,
    { offsetBytes, sizeBytes },
    budget,
  );
  const padding = await readPadding(image, offsetBytes + sizeBytes, region.fileBytes - sizeBytes);
  return { ...region, ...measured, ...(padding !== undefined && { padding }) };
}

/** Windows maps whole pages: what stands behind a section's end is in memory, with the section's rights. */
async function readPadding(
  { source }: MappedImage,
  offsetBytes: number,
  sizeBytes: number,
): Promise<Region["padding"]> {
  const length = Math.min(sizeBytes, MAX_PADDING_BYTES, source.sizeBytes - offsetBytes);
  if (length <= 0) return undefined;
  const bytes = await readExactly(source, offsetBytes, length, "PE: padding");
  const filling = bytes.at(-1) ?? 0;
  const first = bytes.findIndex((byte) => byte !== filling);
  if (first < 0) return undefined;
  const last = bytes.findLastIndex((byte) => byte !== filling);
  return {
    offsetBytes: offsetBytes + first,
    usedBytes: last + 1 - first,
    hex: bytes.toString("hex", first, Math.min(last + 1, first + SHOWN_BYTES)),
  };
}
