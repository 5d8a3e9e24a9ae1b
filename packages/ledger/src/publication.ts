/**
 * Brings the files beside the database up to date: tiles first, the checkpoint that speaks of them last.
 * The write lock is held, so a slower process never replaces a newer checkpoint.
 * Source: https://c2sp.org/tlog-tiles
 * @module
 */

import { join } from "node:path";
import { replaceFile } from "./files.ts";
import type { LedgerStore } from "./store.ts";
import { writeTiles } from "./tiles.ts";

export const CHECKPOINT_FILE = "checkpoint";

export function publish(folder: string, store: LedgerStore): void {
  if (isCurrent(store)) return;
  store.transaction(() => {
    const log = store.log();
    if (log === undefined || isCurrent(store)) return;
    writeTiles(folder, log.publishedSize, log.size, {
      read: store.readNode,
      entries: (start, end) => store.commitments(start, end),
    });
    replaceFile(join(folder, CHECKPOINT_FILE), log.checkpoint);
    store.markPublished(log.size);
  });
}

function isCurrent(store: LedgerStore): boolean {
  const log = store.log();
  return log === undefined || log.publishedSize === log.size;
}
