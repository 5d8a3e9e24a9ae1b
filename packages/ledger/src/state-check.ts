/**
 * Is this log the one we left? A database that was rolled back, cut or exchanged is refused, not continued:
 * continuing it would fork the log under receipts that are already out.
 * @module
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { encodeBase64 } from "./base64.ts";
import { type Checkpoint, openCheckpoint } from "./checkpoint.ts";
import { codeOf } from "./files.ts";
import { ledgerError } from "./ledger-error.ts";
import { EMPTY_ROOT, leafHash, nodeHash, rangeHash } from "./merkle.ts";
import type { PublicKey } from "./public-key.ts";
import { CHECKPOINT_FILE } from "./publication.ts";
import type { LedgerStore, LogRow } from "./store.ts";

/**
 * Checks the rows against their own signed checkpoint and against the published one. A logarithm of reads.
 * @throws WorldError `world.ledger`
 */
export function checkExtension(folder: string, store: LedgerStore, key: PublicKey): void {
  // The file first: what was published before can only be behind the rows that are read after.
  const published = readPublished(join(folder, CHECKPOINT_FILE));
  const log = checkRows(store, key);
  if (published === undefined) return;
  const last = openCheckpoint(published, key);
  if (typeof last === "string") throw refuse(store, `does not fit its checkpoint file: ${last}`);
  if (last.size > BigInt(log.size))
    throw refuse(
      store,
      `has ${log.size} entries where ${last.size} were published: it was rolled back or cut`,
    );
  if (!last.root.equals(rootAt(store, Number(last.size))))
    throw refuse(store, "does not extend its last published checkpoint");
}

function checkRows(store: LedgerStore, key: PublicKey): LogRow {
  const log = store.log();
  if (log === undefined) throw refuse(store, "is damaged");
  if (!key.raw.equals(log.publicKey))
    throw refuse(store, "was signed with another key than the one beside it");
  const own = openOwn(store, log, key);
  if (own.size !== BigInt(log.size)) throw refuse(store, "does not have the size its checkpoint says");
  if (store.lastPosition() < log.size - 1) throw refuse(store, "has lost entries");
  if (!own.root.equals(rootAt(store, log.size))) throw refuse(store, "does not match its checkpoint");
  return log;
}

function openOwn(store: LedgerStore, log: LogRow, key: PublicKey): Checkpoint {
  const own = openCheckpoint(log.checkpoint, key);
  if (typeof own === "string") throw refuse(store, `cannot be trusted: ${own}`);
  return own;
}

const rootAt = (store: LedgerStore, size: number): Buffer =>
  size === 0 ? EMPTY_ROOT : Buffer.from(rangeHash(0, size, store.readNode));

const refuse = (store: LedgerStore, meaning: string) =>
  ledgerError(store.file, new Error("the log failed its check"), meaning);

function readPublished(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

const PAGE_ENTRIES = 4096;

/** Recomputes every hash from the entries alone and compares. Memory stays small: one hash a level is kept. */
export function auditLog(store: LedgerStore, key: PublicKey): { size: number; root: string } {
  const log = store.log();
  if (log === undefined) throw refuse(store, "is damaged");
  const own = openOwn(store, log, key);
  const root = rootOfEntries(store, log.size);
  if (own.size !== BigInt(log.size) || !own.root.equals(root))
    throw refuse(store, "holds entries that were changed");
  return { size: log.size, root: encodeBase64(root) };
}

function rootOfEntries(store: LedgerStore, size: number): Buffer {
  const pending: { level: number; hash: Buffer }[] = [];
  for (let start = 0; start < size; start += PAGE_ENTRIES) {
    const end = Math.min(size, start + PAGE_ENTRIES);
    const page = store.commitments(start, end);
    if (page.length !== end - start) throw refuse(store, "has lost entries");
    for (const commitment of page) {
      let node = { level: 0, hash: leafHash(commitment) };
      while (pending.at(-1)?.level === node.level) {
        const left = pending.pop();
        if (left !== undefined) node = { level: node.level + 1, hash: nodeHash(left.hash, node.hash) };
      }
      pending.push(node);
    }
  }
  const hashes = pending.map(({ hash }) => hash);
  return hashes.length === 0 ? EMPTY_ROOT : hashes.reduceRight((right, left) => nodeHash(left, right));
}
