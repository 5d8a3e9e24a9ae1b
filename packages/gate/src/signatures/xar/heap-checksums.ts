/**
 * The signature covers the table of contents, the table the files by their checksums: what has none, or one that does
 * not match, is covered by nothing. Source: Apple, xar 1.8, `lib/signature.c`, `lib/hash.c`.
 * @module
 */

import { createHash } from "node:crypto";
import type { Budget, ByteSource } from "@sallyport/core";
import type { XarData, XarTable } from "../../formats/xar/table.ts";

export interface HeapVerdict {
  /** One sentence; undefined when every byte of every file has the checksum that was signed. */
  readonly problem: string | undefined;
  /** The digests that the files rest on. */
  readonly styles: ReadonlySet<string>;
}

const KNOWN: ReadonlySet<string> = new Set(["md5", "sha1", "sha224", "sha256", "sha384", "sha512"]);

/** Reads every file once; those that share their bytes, once together. */
export async function compareHeap(source: ByteSource, table: XarTable, budget: Budget): Promise<HeapVerdict> {
  const styles = new Set<string>();
  const compared = new Set<string>();
  for (const { path, data, attributes } of table.files)
    for (const one of [...(data === undefined ? [] : [data]), ...attributes]) {
      const { archivedChecksum } = one;
      if (archivedChecksum === undefined || !KNOWN.has(archivedChecksum.style))
        return { problem: `nothing covers the content of ${path.slice(0, 200)}`, styles };
      const { style, value } = archivedChecksum;
      const question = `${one.offsetBytes} ${one.archivedBytes} ${style} ${value.toString("hex")}`;
      if (compared.has(question)) continue;
      compared.add(question);
      styles.add(style);
      if (!(await matches(source, one, { heapOffsetBytes: table.heapOffsetBytes, budget })))
        return { problem: `${path.slice(0, 200)} is not as it was signed`, styles };
    }
  return { problem: undefined, styles };
}

async function matches(
  source: ByteSource,
  { offsetBytes, archivedBytes, archivedChecksum }: XarData,
  { heapOffsetBytes, budget }: { heapOffsetBytes: number; budget: Budget },
): Promise<boolean> {
  const start = heapOffsetBytes + offsetBytes;
  if (archivedChecksum === undefined || start + archivedBytes > source.sizeBytes) return false;
  const hash = createHash(archivedChecksum.style);
  budget.checkTime();
  for await (const piece of source.stream(start, archivedBytes)) {
    budget.checkTime();
    hash.update(piece);
  }
  return hash.digest().equals(archivedChecksum.value);
}
