/** Which formats know a file, by its content. @module */

import type { Format, Glimpse } from "../formats/format.ts";

/**
 * @param known - id of the format that the file's carrier says it has
 * @returns those that say yes, the first to be believed first
 */
export function recognise(formats: readonly Format[], glimpse: Glimpse, known?: string): Format[] {
  if (glimpse.head.length === 0) return [];
  const found = formats.filter((format) => format.id === known || format.recognise(glimpse));
  return found.sort((a, b) => Number(b.id === known) - Number(a.id === known));
}

/** A format that is made to be streamed, and needs nothing else, is not spooled. */
export function recogniseStreamed(
  formats: readonly Format[],
  head: Buffer,
  claimedBytes = Number.MAX_SAFE_INTEGER,
): Format | undefined {
  const [first] = recognise(formats, { head, tail: Buffer.alloc(0), sizeBytes: claimedBytes });
  return first?.open === undefined ? first : undefined;
}
