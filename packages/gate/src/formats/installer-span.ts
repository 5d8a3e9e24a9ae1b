/** Which bytes behind a stub the installer's own tables account for. @module */

import { type ByteSource, RangeSource, readExactly } from "@sallyport/core";
import type { Member, OpenContext } from "./format.ts";
import { isAllZero } from "./front-reader.ts";

/** What is opened, as a part of the whole program. */
export interface Carried {
  readonly program: ByteSource;
  readonly start: number;
  readonly end: number;
}

export interface Span {
  readonly start: number;
  readonly end: number;
  /** Says whether these bytes, directly behind it, are part of it after all. */
  explains?(gap: Buffer): Promise<boolean>;
}

/** Signing tools fill up to a multiple of 8. */
const FILLING_BYTES = 8;
const MOST_EXPLAINED_BYTES = 64;

/** What no part claims, as members: somebody else put it there. Parts that overlap, or reach out, are lies. */
export async function* unclaimedMembers(
  carried: Carried,
  spans: readonly Span[],
  context: OpenContext,
): AsyncGenerator<Member> {
  let reached = carried.start;
  let before: Span | undefined;
  for (const span of [
    ...spans.toSorted((a, b) => a.start - b.start),
    { start: carried.end, end: carried.end },
  ]) {
    if (span.start < reached)
      context.report({
        check: "structure",
        outcome: "fail",
        because: "two parts of the installer share the same bytes, or reach beyond what it carries",
        facts: { offsetBytes: span.start, lengthBytes: span.end - span.start },
      });
    const gap = await unclaimed(carried, { start: reached, end: span.start }, before);
    if (gap !== undefined) yield gap;
    if (span.end >= reached) before = span;
    reached = Math.max(reached, span.end);
  }
}

async function unclaimed(
  { program }: Carried,
  { start, end }: Span,
  before: Span | undefined,
): Promise<Member | undefined> {
  const sizeBytes = end - start;
  if (sizeBytes <= 0) return undefined;
  if (before?.explains !== undefined && sizeBytes <= MOST_EXPLAINED_BYTES) {
    const gap = await readExactly(program, start, sizeBytes, "the end of a chunk");
    if (await before.explains(gap)) return undefined;
  }
  if (sizeBytes < FILLING_BYTES && isAllZero(await readExactly(program, start, sizeBytes, "filling")))
    return undefined;
  const range = new RangeSource(program, start, sizeBytes);
  return {
    name: `unclaimed-${start}`,
    claimedBytes: sizeBytes,
    isCarried: true,
    range: { source: range, offsetInParentBytes: start },
    content: () => range.stream(),
  };
}
