/**
 * Is every byte of the heap somebody's? A signature covers the table of contents alone, so what the table does not name
 * is covered by nothing. Source: Apple, xar 1.8, `lib/io.c`: files with the same content may share their bytes.
 * @module
 */

import { type Budget, type ByteSource, readExactly } from "@sallyport/core";
import type { Finding } from "../../finding.ts";
import { cutShort, lie } from "../layout-findings.ts";
import { findNonZero } from "../mach-o/hidden-bytes.ts";
import type { XarTable } from "./table.ts";
import { endsWithTicket } from "./ticket.ts";

interface Place {
  readonly what: string;
  readonly offsetBytes: number;
  readonly sizeBytes: number;
}

/** Contradictions of the table with itself and with the file; none for an honest archive. */
export async function examineHeap(
  source: ByteSource,
  table: XarTable,
  budget: Budget,
): Promise<readonly Finding[]> {
  const places = placesOf(table).toSorted(
    (one, other) => one.offsetBytes - other.offsetBytes || one.sizeBytes - other.sizeBytes,
  );
  const findings: Finding[] = [];
  let endBytes = 0;
  let before: Place | undefined;
  for (const place of places) {
    budget.checkTime();
    const isShared = before?.offsetBytes === place.offsetBytes && before.sizeBytes === place.sizeBytes;
    if (place.offsetBytes < endBytes && !isShared)
      findings.push(lie("two files share some of the same bytes", factsOf(table, place)));
    findings.push(...(await hiddenIn(source, table, { from: endBytes, until: place.offsetBytes, budget })));
    endBytes = Math.max(endBytes, place.offsetBytes + place.sizeBytes);
    before = place;
    if (findings.length >= MAX_FINDINGS) return findings;
  }
  const end = table.heapOffsetBytes + endBytes;
  if (end > source.sizeBytes)
    findings.push(cutShort("a file reaches past the end of the archive", { fileBytes: source.sizeBytes }));
  else if (end < source.sizeBytes && !(await isExplained(source, table, end)))
    findings.push(
      lie(`has ${source.sizeBytes - end} bytes after its end`, {
        offsetBytes: end,
        lengthBytes: source.sizeBytes - end,
      }),
    );
  return findings;
}

const MAX_FINDINGS = 8;

/**
 * A stapled ticket; or the beginning of the table once more, as long as a checksum, which libarchive leaves there because
 * it counts the checksum twice (`archive_write_set_format_xar.c`).
 */
async function isExplained(
  source: ByteSource,
  { packed, checksum }: XarTable,
  endBytes: number,
): Promise<boolean> {
  const restBytes = source.sizeBytes - endBytes;
  if (restBytes === checksum?.sizeBytes && restBytes <= packed.length) {
    const rest = await readExactly(source, endBytes, restBytes, "xar: end");
    if (rest.equals(packed.subarray(0, restBytes))) return true;
  }
  return endsWithTicket(source, endBytes);
}

/** Where the heap ends, counted from the start of the file. */
export const heapEndBytes = (table: XarTable): number =>
  placesOf(table).reduce(
    (end, { offsetBytes, sizeBytes }) => Math.max(end, table.heapOffsetBytes + offsetBytes + sizeBytes),
    table.heapOffsetBytes,
  );

function placesOf({ checksum, signatures, files }: XarTable): Place[] {
  const data = files.flatMap((file) =>
    [...(file.data === undefined ? [] : [file.data]), ...file.attributes].map((one) => ({
      what: file.path,
      offsetBytes: one.offsetBytes,
      sizeBytes: one.archivedBytes,
    })),
  );
  const fixed = [...(checksum === undefined ? [] : [checksum]), ...signatures].map((place) => ({
    ...place,
    what: place.style,
  }));
  return [...fixed, ...data].filter(({ sizeBytes }) => sizeBytes > 0);
}

async function hiddenIn(
  source: ByteSource,
  { heapOffsetBytes }: XarTable,
  { from, until, budget }: { from: number; until: number; budget: Budget },
): Promise<Finding[]> {
  const endBytes = Math.min(heapOffsetBytes + until, source.sizeBytes);
  const startBytes = heapOffsetBytes + from;
  if (endBytes <= startBytes) return [];
  const offsetBytes = await findNonZero(source, { offsetBytes: startBytes, endBytes }, budget);
  if (offsetBytes === undefined) return [];
  return [lie("bytes stand between its files", { offsetBytes, lengthBytes: endBytes - offsetBytes })];
}

const factsOf = ({ heapOffsetBytes }: XarTable, place: Place): Finding["facts"] => ({
  file: place.what.slice(0, 200),
  offsetBytes: heapOffsetBytes + place.offsetBytes,
  lengthBytes: place.sizeBytes,
});
