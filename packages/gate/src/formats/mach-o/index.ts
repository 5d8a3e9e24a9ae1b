/**
 * Programs, libraries and object files of Apple's systems, and universal files that hold one slice per processor.
 * Source: Apple, mach-o/loader.h and mach-o/fat.h. What the file says of itself is a claim.
 * @module
 */

import { type ByteSource, hasCode, RangeSource, readExactly } from "@sallyport/core";
import type { Identity } from "../../artifact.ts";
import { digestCode } from "../code-digest.ts";
import type { Format, Glimpse, Member, OpenContext } from "../format.ts";
import { trailingMember } from "../trailing-bytes.ts";
import { codeRanges } from "./code-ranges.ts";
import { type FatFile, fatEndBytes, isFat, isInFile, readFat, type Slice } from "./fat.ts";
import { examineFat } from "./fat-layout.ts";
import { readMachHeaders, readMark } from "./headers.ts";
import { identifyThin } from "./identity.ts";
import { examineLayout, readLayout } from "./layout.ts";
import { architectureOf, sliceName } from "./processors.ts";

export const machO: Format = {
  id: "mach-o",
  title: "Apple executable (Mach-O)",
  document: "Apple, mach-o/loader.h and mach-o/fat.h",
  recognise: ({ head, sizeBytes }: Glimpse) => readMark(head) !== undefined || isFat(head, sizeBytes),
  open,
  identify,
};

/** More than any real file has; each slice also speaks for itself as a member. */
const MAX_IDENTIFIED_SLICES = 16;

async function* open(source: ByteSource, context: OpenContext): AsyncIterable<Member> {
  if (await isThin(source)) {
    const headers = await readMachHeaders(source);
    const layout = readLayout(headers);
    for (const finding of await examineLayout(source, headers, { layout, budget: context.budget }))
      context.report(finding);
    const overlay = await trailingMember(source, layout.endBytes);
    const isFilled = headers.fileType === OBJECT && (await endsInArchiveFilling(source, layout.endBytes));
    if (overlay !== undefined && !isFilled) yield overlay;
    return;
  }
  const fat = await readFat(source);
  for (const finding of await examineFat(source, fat, context.budget)) context.report(finding);
  yield* slicesOf(source, fat);
  const overlay = await trailingMember(source, fatEndBytes(fat));
  if (overlay !== undefined) yield overlay;
}

const OBJECT = 1;
const ARCHIVE_ALIGNMENT_BYTES = 8;
const NEWLINE = 0x0a;

/** Apple's `libtool` fills object files up with newlines, which the archive then counts as theirs. */
async function endsInArchiveFilling(source: ByteSource, endBytes: number): Promise<boolean> {
  const restBytes = source.sizeBytes - endBytes;
  if (restBytes <= 0 || restBytes >= ARCHIVE_ALIGNMENT_BYTES) return false;
  const rest = await readExactly(source, endBytes, restBytes, "Mach-O: filling");
  return rest.every((byte) => byte === NEWLINE);
}

/** Slices that are not in the file were reported, and hold nothing. */
function* slicesOf(source: ByteSource, fat: FatFile): Generator<Member> {
  const names = new Map<string, number>();
  for (const slice of fat.slices) {
    if (!isInFile(slice, source)) continue;
    const name = sliceName(slice);
    const count = (names.get(name) ?? 0) + 1;
    names.set(name, count);
    const range = rangeOf(source, slice);
    yield {
      name: count === 1 ? name : `${name}-${count}`,
      claimedBytes: slice.sizeBytes,
      range: { source: range, offsetInParentBytes: slice.offsetBytes },
      content: () => range.stream(),
    };
  }
}

async function identify(source: ByteSource, { budget }: OpenContext): Promise<Identity> {
  if (await isThin(source)) {
    const headers = await readMachHeaders(source);
    const identity = await identifyThin(source, headers);
    if (identity.buildId === undefined) return identity;
    const codeDigest = await digestCode(source, codeRanges(headers), budget);
    return { ...identity, ...(codeDigest !== undefined && { codeDigest }) };
  }
  const { slices } = await readFat(source);
  const claims: Identity[] = [];
  for (const slice of slices.slice(0, MAX_IDENTIFIED_SLICES))
    if (isInFile(slice, source)) claims.push(await identifySlice(source, slice));
  return {
    ...agreed("product", claims),
    ...agreed("version", claims),
    ...agreed("originalName", claims),
    architecture: [...new Set(slices.slice(0, MAX_IDENTIFIED_SLICES).map(architectureOf))].join("+"),
  };
}

/** A slice that says nothing, being an archive or broken, has no part in what the file says. */
async function identifySlice(source: ByteSource, slice: Slice): Promise<Identity> {
  const range = rangeOf(source, slice);
  try {
    return (await isThin(range)) ? await identifyThin(range, await readMachHeaders(range)) : {};
  } catch (error) {
    if (hasCode(error, "artifact.truncated", "artifact.malformed", "artifact.over-limit")) return {};
    throw error;
  }
}

/** What all slices claim alike. A build id is each slice's own. */
function agreed(name: "product" | "version" | "originalName", claims: readonly Identity[]): Identity {
  const [value, ...others] = new Set(claims.map((identity) => identity[name]));
  return value === undefined || others.length > 0 ? {} : { [name]: value };
}

async function isThin(source: ByteSource): Promise<boolean> {
  return readMark(await readExactly(source, 0, Math.min(4, source.sizeBytes), "Mach-O: mark")) !== undefined;
}

const rangeOf = (source: ByteSource, { offsetBytes, sizeBytes }: Slice): RangeSource =>
  new RangeSource(source, offsetBytes, sizeBytes);
