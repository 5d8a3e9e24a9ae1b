/**
 * Does the table of slices tell the truth? Each system takes one slice and never looks at the others, nor at what lies
 * between them. Source: Apple, mach-o/fat.h; what lipo(1) accepts.
 * @module
 */

import { type Budget, type ByteSource, readExactly } from "@sallyport/core";
import type { Finding } from "../../finding.ts";
import { cutShort, lie, MAX_LAYOUT_FINDINGS, worstLayoutFindings } from "../layout-findings.ts";
import { type FatFile, isInFile, type Slice } from "./fat.ts";
import { readMark } from "./headers.ts";
import { findNonZero } from "./hidden-bytes.ts";
import { architectureOf, plainSubtype, sliceName } from "./processors.ts";

/** Contradictions between the table and the file; none for an honest one. */
export async function examineFat(
  source: ByteSource,
  fat: FatFile,
  budget: Budget,
): Promise<readonly Finding[]> {
  return worstLayoutFindings([
    ...placeFindings(source, fat),
    ...twinFindings(fat),
    ...(await gapFindings(source, fat, budget)),
    ...(await contentFindings(source, fat)),
  ]);
}

function placeFindings(source: ByteSource, { slices, tableEndBytes }: FatFile): Finding[] {
  const findings: Finding[] = [];
  let before: Slice | undefined;
  for (const slice of inFileOrder(slices)) {
    if (!isInFile(slice, source))
      findings.push(
        cutShort("a slice reaches past the end of the file", {
          ...factsOf(slice),
          fileBytes: source.sizeBytes,
        }),
      );
    if (slice.offsetBytes < tableEndBytes)
      findings.push(lie("a slice lies inside the table of slices", factsOf(slice)));
    if (before !== undefined && slice.offsetBytes < endOf(before))
      findings.push(
        lie("two slices share the same bytes of the file", { ...factsOf(slice), other: sliceName(before) }),
      );
    if (before === undefined || endOf(slice) > endOf(before)) before = slice;
  }
  return findings;
}

/** Readers disagree about which of the two runs. */
function twinFindings({ slices }: FatFile): Finding[] {
  const seen = new Set<string>();
  const findings: Finding[] = [];
  for (const slice of slices) {
    const key = `${slice.type} ${plainSubtype(slice)}`;
    if (seen.has(key)) findings.push(lie("two slices are for the same processor", factsOf(slice)));
    seen.add(key);
  }
  return findings;
}

/** Alignment leaves zeros between slices. Anything else there belongs to nobody and is signed by nobody. */
async function gapFindings(source: ByteSource, fat: FatFile, budget: Budget): Promise<Finding[]> {
  const findings: Finding[] = [];
  let end = fat.tableEndBytes;
  for (const slice of inFileOrder(fat.slices)) {
    const until = Math.min(slice.offsetBytes, source.sizeBytes);
    const offsetBytes =
      until > end ? await findNonZero(source, { offsetBytes: end, endBytes: until }, budget) : undefined;
    if (offsetBytes !== undefined)
      findings.push(
        lie("bytes are hidden between the slices", { offsetBytes, lengthBytes: until - offsetBytes }),
      );
    end = Math.max(end, endOf(slice));
  }
  return findings;
}

async function contentFindings(source: ByteSource, { slices }: FatFile): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const slice of slices) {
    if (!isInFile(slice, source) || findings.length >= MAX_LAYOUT_FINDINGS) continue;
    const head = await readExactly(source, slice.offsetBytes, Math.min(slice.sizeBytes, 12), "Mach-O: slice");
    const mark = readMark(head);
    if (mark !== undefined && head.length >= 8) {
      const type = mark.word(head, 4);
      if (type !== slice.type)
        findings.push(
          lie("a slice is for another processor than the table says", {
            ...factsOf(slice),
            found: architectureOf({ type, subtype: 0 }),
          }),
        );
    } else if (!isLinkable(head))
      findings.push(lie("a slice is neither a program nor a library", factsOf(slice)));
  }
  return findings;
}

/** Static libraries and LLVM bitcode, bare or wrapped, may be slices too. */
const isLinkable = (head: Buffer): boolean =>
  head.toString("latin1", 0, 8) === "!<arch>\n" || LLVM_MARKS.has(head.toString("hex", 0, 4));
const LLVM_MARKS: ReadonlySet<string> = new Set(["4243c0de", "dec0170b"]);

const inFileOrder = (slices: readonly Slice[]): Slice[] =>
  slices.toSorted((one, other) => one.offsetBytes - other.offsetBytes);
const endOf = (slice: Slice): number => slice.offsetBytes + slice.sizeBytes;
const factsOf = (slice: Slice): Finding["facts"] => ({
  slice: sliceName(slice),
  offsetBytes: slice.offsetBytes,
  lengthBytes: slice.sizeBytes,
});
