/**
 * Measures the regions of an ELF or Mach-O image: what each holds, and what stands behind it where only filling belongs.
 * Regions of hostile files may all be the same bytes, so that what is read is bounded by the size of the file.
 * @module
 */

import { createHash } from "node:crypto";
import { type Budget, type ByteSource, readExactly } from "@sallyport/core";
import { MAX_BLOCKS, MAX_REGIONS, type Region } from "../traits/executable/facts.ts";
import { measureCode, measureRange } from "../traits/executable/measure.ts";

/** A region before it is measured. */
export type RegionPlan = Omit<Region, "sha256" | "entropy" | "blocks" | "blockBytes" | "padding">;

/** Twice, because sections may lie in sections: what `objcopy` merges, or a linker made of its headers. */
const MAX_PASSES = 2;
const MAX_ALL_BLOCKS = 2 * MAX_BLOCKS;
const MIN_BLOCK_BYTES = 4096;
const MAX_PADDING_BYTES = 1024 * 1024;
const SHOWN_BYTES = 32;

interface Measuring {
  readonly source: ByteSource;
  readonly budget: Budget;
  /** In words, what could not be read. */
  readonly unreadable: Set<string>;
}

/** @returns the regions in the order of the plans, at most {@link MAX_REGIONS}: the last then stands for all others */
export async function measureRegions(
  plans: readonly RegionPlan[],
  measuring: Measuring,
): Promise<readonly Region[]> {
  const { source, unreadable } = measuring;
  const withBlocks = choosePlansWithBlocks(plans);
  const ends = nextOffsets(plans, source.sizeBytes);
  const regions: Region[] = [];
  let left = source.sizeBytes * MAX_PASSES;
  for (const plan of plans) {
    left -= plan.fileBytes;
    if (plan.fileBytes > 0 && plan.offsetBytes + plan.fileBytes > source.sizeBytes)
      unreadable.add("regions past the end of the file");
    else if (plan.fileBytes > 0 && left < 0) unreadable.add("regions that share their bytes");
    else {
      regions.push(await measure(plan, withBlocks.has(plan), { ...measuring, endBytes: ends(plan) }));
      continue;
    }
    regions.push(plan);
  }
  return mergeMany(regions);
}

async function measure(
  plan: RegionPlan,
  hasBlocks: boolean,
  { source, budget, endBytes }: Measuring & { readonly endBytes: number },
): Promise<Region> {
  if (plan.fileBytes === 0) return plan;
  const range = { offsetBytes: plan.offsetBytes, sizeBytes: plan.fileBytes };
  const measured = hasBlocks
    ? await measureCode(source, range, budget)
    : await measureRange(source, range, budget);
  const padding = plan.isCode
    ? await readPadding(source, plan.offsetBytes + plan.fileBytes, endBytes)
    : undefined;
  return { ...plan, ...measured, ...(padding !== undefined && { padding }) };
}

/** The largest ones, as far as what is kept allows. */
function choosePlansWithBlocks(plans: readonly RegionPlan[]): ReadonlySet<RegionPlan> {
  const chosen = new Set<RegionPlan>();
  let left = MAX_ALL_BLOCKS;
  const code = plans.filter(({ isCode, fileBytes }) => isCode && fileBytes > 0);
  for (const plan of code.toSorted((one, other) => other.fileBytes - one.fileBytes)) {
    const blocks = Math.min(MAX_BLOCKS, Math.ceil(plan.fileBytes / MIN_BLOCK_BYTES));
    if (blocks > left) continue;
    left -= blocks;
    chosen.add(plan);
  }
  return chosen;
}

/** Where the bytes of the next region begin, for each one. */
function nextOffsets(plans: readonly RegionPlan[], fileBytes: number): (plan: RegionPlan) => number {
  const offsets = plans.filter((plan) => plan.fileBytes > 0).map(({ offsetBytes }) => offsetBytes);
  const sorted = Float64Array.from(offsets).sort();
  return (plan) => {
    const end = plan.offsetBytes + plan.fileBytes;
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((sorted[middle] ?? 0) < end) low = middle + 1;
      else high = middle;
    }
    return Math.min(sorted[low] ?? fileBytes, fileBytes);
  };
}

/** The system maps whole pages, so that what stands here can run though no region counts it. */
async function readPadding(source: ByteSource, from: number, until: number): Promise<Region["padding"]> {
  const sizeBytes = Math.min(until - from, MAX_PADDING_BYTES);
  if (sizeBytes <= 0) return undefined;
  const bytes = await readExactly(source, from, sizeBytes, "executable: filling");
  const filling = bytes[bytes.length - 1] ?? 0;
  const start = bytes.findIndex((byte) => byte !== filling);
  if (start < 0) return undefined;
  let end = bytes.length;
  while (end > start && bytes[end - 1] === filling) end -= 1;
  return {
    offsetBytes: from + start,
    usedBytes: end - start,
    hex: bytes.toString("hex", start, Math.min(end, start + SHOWN_BYTES)),
  };
}

/** Object files have a section for each function. */
function mergeMany(regions: readonly Region[]): readonly Region[] {
  if (regions.length <= MAX_REGIONS) return regions;
  const rest = regions.slice(MAX_REGIONS - 1);
  const hash = createHash("sha256");
  for (const { name, access, sha256 = "" } of rest) hash.update(`${name}\0${access}\0${sha256}\0`);
  const merged: Region = {
    name: `(${rest.length} more)`,
    address: 0,
    memoryBytes: 0,
    offsetBytes: 0,
    fileBytes: 0,
    access: "---",
    isCode: rest.some(({ isCode }) => isCode),
    sha256: hash.digest("hex"),
  };
  return [...regions.slice(0, MAX_REGIONS - 1), merged];
}
