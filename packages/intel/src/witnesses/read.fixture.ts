/** Lets a source read what a test made up. @module */

import { tmpdir } from "node:os";
import { Budget, MemorySource } from "@sallyport/core";
import type { Fact } from "../fact.ts";
import type { IntelSource, ReadContext, SkippedRow, SourceFile } from "../source.ts";

export interface Reading {
  readonly facts: readonly Fact[];
  readonly skipped: readonly SkippedRow[];
}

const LIMITS = { entries: 100_000, bytes: 256 * 1024 * 1024, depth: 8, milliseconds: 60_000 };

export const filesOf = (files: Readonly<Record<string, string | Uint8Array>>): readonly SourceFile[] =>
  Object.entries(files).map(([name, content]) => ({ name, source: new MemorySource(Buffer.from(content)) }));

export const contextWith = (skip: ReadContext["skip"] = () => undefined): ReadContext => ({
  budget: new Budget(LIMITS),
  now: new Date("2026-01-02T03:04:05Z"),
  scratchFolder: tmpdir(),
  skip,
});

/** As the reading process does: the data's own date first. @throws what the source throws */
export async function readAll(
  source: IntelSource,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<Reading> {
  const skipped: SkippedRow[] = [];
  const facts: Fact[] = [];
  const context = contextWith((row) => skipped.push(row));
  await source.asOf?.(
    filesOf(files),
    contextWith(() => undefined),
  );
  for await (const fact of source.read(filesOf(files), context)) facts.push(fact);
  return { facts, skipped };
}
