/** Our own data sets, which come with the program: put in place when it is first used, and when it brings newer ones. @module */

import { createHash } from "node:crypto";
import { Budget, type Clock, hasCode, visitPieces } from "@sallyport/core";
import { FeedError } from "./feed-error.ts";
import type { IntelBase } from "./intel.ts";
import type { IntelSource, ReadContext, SourceFile } from "./source.ts";
import { digestOfFiles } from "./sync/load.ts";

/**
 * Loads what is not there yet. One that somebody brought stays when it is newer than what the program brings.
 * @throws FeedError for a data set that does not follow its own rules, which no release has
 */
export async function loadShipped(
  base: IntelBase,
  sources: readonly IntelSource[],
  { clock, folder }: { clock: Clock; folder: string },
): Promise<void> {
  const loaded = base.snapshots();
  for (const source of sources) {
    if (source.shipped === undefined) continue;
    const files = await source.shipped();
    const sha256 = digestOfFiles(await Promise.all(files.map(digestOf)));
    if (loaded.some((one) => one.source === source.id && one.part === "" && one.sha256 === sha256)) continue;
    await loadOne(base, source, { files, sha256, now: clock.now(), folder });
  }
}

interface Shipment {
  readonly files: readonly SourceFile[];
  readonly sha256: string;
  readonly now: Date;
  readonly folder: string;
}

async function loadOne(
  base: IntelBase,
  source: IntelSource,
  { files, sha256, now, folder }: Shipment,
): Promise<void> {
  const refuseRow: ReadContext["skip"] = ({ file, row = "", because }) => {
    throw FeedError.at(`${file} ${row}`, because);
  };
  const context = (): ReadContext => ({ budget: new Budget(), now, skip: refuseRow, scratchFolder: folder });
  const asOf = await source.asOf?.(files, context());
  try {
    // No files: they are in the program, and nobody has to keep them.
    await base.load(
      { source, asOf, fetchedAt: now, sha256, files: [] },
      { facts: source.read(files, context()) },
    );
  } catch (error) {
    if (!hasCode(error, "feed.replayed")) throw error;
  }
}

async function digestOf({ name, source }: SourceFile): Promise<{ name: string; sha256: string }> {
  const digest = createHash("sha256");
  await visitPieces(source, (bytes) => digest.update(bytes));
  return { name, sha256: digest.digest("hex") };
}
