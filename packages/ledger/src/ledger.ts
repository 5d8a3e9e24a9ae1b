/**
 * The log of decisions on this machine. What was handed out as a receipt stays in it: an entry is on the disk
 * before its receipt exists, and the log is opened only when it extends the last state that was published.
 * Honest limit: whoever owns the disk and the key can make another log; only a witness elsewhere can tell.
 * @module
 */

import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Clock, Decision, DsseEnvelope, Ledger, Log, Receipt, Verdict } from "@sallyport/core";
import { encodeBase64 } from "./base64.ts";
import { signCheckpoint } from "./checkpoint.ts";
import { contentOf, type DecisionContent, decisionOf } from "./decision-content.ts";
import { commitmentOf, SALT_BYTES, signEnvelope } from "./envelope.ts";
import { ledgerError } from "./ledger-error.ts";
import { appendLeaf, consistencyProof, EMPTY_ROOT, inclusionProof, leafHash, rangeHash } from "./merkle.ts";
import { PieceMemory } from "./piece-memory.ts";
import type { PublicKey } from "./public-key.ts";
import { publish } from "./publication.ts";
import { seal } from "./seal.ts";
import { makeSigningKey, readSigningKey, type SigningKey } from "./signing-key.ts";
import { auditLog, checkExtension } from "./state-check.ts";
import { statementOf } from "./statement.ts";
import { type EntryRow, LedgerStore } from "./store.ts";

const DATABASE_FILE = "log.db";
const KEY_FILE = "signing-key.pem";
const MAX_LIST = 1000;

export interface LedgerEntry {
  readonly index: number;
  readonly subjectId: string;
  readonly verdict: Verdict;
  readonly recordedAt: Date;
  /** SHA-256, hex: give it to {@link LocalLedger.decision}. */
  readonly decisionDigest: string;
  readonly receipt: Receipt;
}

export interface LocalLedger extends Ledger {
  readonly publicKey: PublicKey;
  /**
   * Appends all of them or none, in their order: for thousands, many times faster than one after the other.
   * @throws WorldError `world.ledger`
   */
  recordAll(decisions: readonly Decision[]): Promise<readonly Receipt[]>;
  /** Seals a document of a kind of its own with the key that signs receipts; open it with `openSeal`. */
  seal(payloadType: string, payload: Uint8Array): DsseEnvelope;
  /** The last entry about a subject. */
  latest(subjectId: string): LedgerEntry | undefined;
  entry(index: number): LedgerEntry | undefined;
  /** Newest first; at most 1000 at once. `before` is the index of the last entry already seen. */
  list(options?: { limit?: number; before?: number }): readonly LedgerEntry[];
  /** The whole decision with its evidence, for replay; undefined when nothing has that digest. */
  decision(digest: string): Decision | undefined;
  /** The signed note about the log as it is now. */
  checkpoint(): string;
  /** RFC 6962 §2.1.2, from `oldSize` to the log's size now. */
  consistency(oldSize: number): { readonly size: number; readonly proof: readonly Uint8Array[] };
  /**
   * Recomputes the whole tree from the entries, which takes seconds for a million.
   * @throws WorldError `world.ledger` when anything differs
   */
  audit(): { readonly size: number; readonly root: string };
  /** Writes all tiles and the checkpoint again. */
  rebuild(): void;
  close(): void;
}

/**
 * Opens the log in `folder`, or begins one: makes the folder (0700), the signing key (0600) and the files.
 * @throws WorldError `world.ledger` when it cannot be written, is damaged, was rolled back or lost its key
 */
export async function openLedger(options: { folder: string; clock: Clock; log: Log }): Promise<LocalLedger> {
  const store = new LedgerStore(join(options.folder, DATABASE_FILE));
  try {
    const signer = openSigner(options.folder, store);
    checkExtension(options.folder, store, signer.publicKey);
    const ledger = new SequencedLedger(options, store, signer);
    ledger.publish();
    return ledger;
  } catch (error) {
    store.close();
    throw ledgerError(store.file, error);
  }
}

/** A new key is made only for a log that has none: a log without its key is a loss to be noticed. */
function openSigner(folder: string, store: LedgerStore): SigningKey {
  const file = join(folder, KEY_FILE);
  // In this order, because another process that begins the log makes the key first.
  const hasLog = store.log() !== undefined;
  const existing = readSigningKey(file);
  if (existing === undefined && hasLog)
    throw ledgerError(
      store.file,
      new Error("no key"),
      `has lost its signing key ${file}: restore it from a backup`,
    );
  const signer = existing ?? makeSigningKey(file);
  store.transaction(() => {
    if (store.log() === undefined) store.createLog(signer.publicKey.raw, checkpointAt(0, store, signer));
  });
  return signer;
}

function checkpointAt(size: number, store: LedgerStore, signer: SigningKey): string {
  const root = size === 0 ? EMPTY_ROOT : Buffer.from(rangeHash(0, size, store.readNode));
  return signCheckpoint({ origin: signer.publicKey.origin, size: BigInt(size), root }, signer);
}

/** Everything of an entry but its place. */
interface Prepared {
  readonly decision: Decision;
  readonly recordedAt: Date;
  readonly content: DecisionContent;
  readonly envelope: DsseEnvelope;
  readonly salt: Uint8Array;
}

class SequencedLedger implements LocalLedger {
  readonly #options: { folder: string; clock: Clock; log: Log };
  readonly #store: LedgerStore;
  readonly #signer: SigningKey;
  readonly #pieces = new PieceMemory();

  constructor(options: { folder: string; clock: Clock; log: Log }, store: LedgerStore, signer: SigningKey) {
    this.#options = options;
    this.#store = store;
    this.#signer = signer;
  }

  get publicKey(): PublicKey {
    return this.#signer.publicKey;
  }

  seal(payloadType: string, payload: Uint8Array): DsseEnvelope {
    return seal(payloadType, payload, this.#signer);
  }

  async record(decision: Decision): Promise<Receipt> {
    const prepared = this.#prepare(decision);
    const receipt = this.#store.transaction(() => this.#enter(prepared));
    this.publish();
    return receipt;
  }

  async recordAll(decisions: readonly Decision[]): Promise<readonly Receipt[]> {
    if (decisions.length === 0) return [];
    const receipts = this.#store.transaction(() =>
      decisions.map((decision) => this.#enter(this.#prepare(decision))),
    );
    this.publish();
    return receipts;
  }

  #prepare(decision: Decision): Prepared {
    const recordedAt = this.#options.clock.now();
    const content = contentOf(decision);
    const statement = statementOf(decision, content.digest, recordedAt);
    const envelope = signEnvelope(Buffer.from(JSON.stringify(statement)), this.#signer);
    return { decision, recordedAt, content, envelope, salt: randomBytes(SALT_BYTES) };
  }

  /** Inside the transaction. */
  #enter({ decision, recordedAt, content, envelope, salt }: Prepared): Receipt {
    const commitment = commitmentOf(salt, envelope);
    const { index, proof, checkpoint } = this.#append(commitment);
    const receipt: Receipt = {
      schema: "sallyport.receipt/1",
      envelope,
      log: {
        origin: this.publicKey.origin,
        index: String(index),
        salt: encodeBase64(salt),
        inclusionProof: proof.map(encodeBase64),
        checkpoint,
      },
    };
    for (const [digest, json] of content.pieces) this.#store.addContent(digest, json);
    this.#store.addEntry({
      position: index,
      commitment,
      subjectId: decision.subject.id,
      verdict: decision.verdict,
      recordedAtMilliseconds: recordedAt.getTime(),
      decisionDigest: content.digest,
      receipt: JSON.stringify(receipt),
    });
    return receipt;
  }

  /** Inside the transaction: the place, the proof and the new signed state. */
  #append(commitment: Buffer): { index: number; proof: Uint8Array[]; checkpoint: string } {
    const index = this.#log().size;
    const { readNode, writeNode } = this.#store;
    appendLeaf(index, leafHash(commitment), readNode, writeNode);
    const checkpoint = checkpointAt(index + 1, this.#store, this.#signer);
    this.#store.advance(index + 1, checkpoint);
    return { index, proof: inclusionProof(index, index + 1, readNode), checkpoint };
  }

  /** The files are derived: when they cannot be written now, the next append or start writes them. */
  publish(): void {
    try {
      publish(this.#options.folder, this.#store);
    } catch (error) {
      this.#options.log.warn("log files not written", {
        reason: ledgerError(this.#store.file, error).message,
      });
    }
  }

  #log(): NonNullable<ReturnType<LedgerStore["log"]>> {
    const log = this.#store.log();
    if (log === undefined) throw ledgerError(this.#store.file, new Error("no log row"), "is damaged");
    return log;
  }

  latest(subjectId: string): LedgerEntry | undefined {
    return this.#read(() => optional(this.#store.latest(subjectId)));
  }

  entry(index: number): LedgerEntry | undefined {
    return this.#read(() => optional(this.#store.entry(index)));
  }

  list(options: { limit?: number; before?: number } = {}): readonly LedgerEntry[] {
    const limit = Math.max(0, Math.min(options.limit ?? 100, MAX_LIST));
    return this.#read(() =>
      this.#store.entries(options.before ?? Number.MAX_SAFE_INTEGER, limit).map(entryOf),
    );
  }

  decision(digest: string): Decision | undefined {
    return this.#read(() => {
      const decision = decisionOf(digest, (name) => this.#store.content(name), this.#pieces);
      if (decision === undefined && this.#store.content(digest) !== undefined)
        throw ledgerError(
          this.#store.file,
          new Error(digest),
          "holds a decision that was changed afterwards",
        );
      return decision;
    });
  }

  checkpoint(): string {
    return this.#read(() => this.#log().checkpoint);
  }

  consistency(oldSize: number): { readonly size: number; readonly proof: readonly Uint8Array[] } {
    return this.#read(() => {
      const { size } = this.#log();
      if (!Number.isSafeInteger(oldSize) || oldSize < 0 || oldSize > size)
        throw ledgerError(this.#store.file, new RangeError("size"), `has never had ${oldSize} entries`);
      return { size, proof: consistencyProof(oldSize, size, this.#store.readNode) };
    });
  }

  audit(): { readonly size: number; readonly root: string } {
    return this.#read(() => auditLog(this.#store, this.publicKey));
  }

  rebuild(): void {
    this.#store.transaction(() => this.#store.markPublished(0));
    publish(this.#options.folder, this.#store);
  }

  close(): void {
    this.#store.close();
  }

  #read<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      throw ledgerError(this.#store.file, error);
    }
  }
}

const optional = (row: EntryRow | undefined): LedgerEntry | undefined =>
  row === undefined ? undefined : entryOf(row);

const entryOf = (row: EntryRow): LedgerEntry => ({
  index: row.position,
  subjectId: row.subjectId,
  verdict: row.verdict as Verdict,
  recordedAt: new Date(row.recordedAtMilliseconds),
  decisionDigest: row.decisionDigest,
  receipt: JSON.parse(row.receipt) as Receipt,
});
