/** Signers that people accepted for a product. @module */

import { randomUUID } from "node:crypto";
import type { Database } from "@sallyport/store";
import type { AcceptedSigner } from "../checks/check.ts";
import { isInForce, requireFuture, toDate } from "./term.ts";

export interface SignerAcceptance {
  /** Common name or organisation, exact, or `sha256:` of the certificate. */
  readonly signer: string;
  /** Any product when undefined. */
  readonly product: string | undefined;
  readonly owner: string;
  readonly reason: string;
  /** Without an end when undefined. */
  readonly until: Date | undefined;
}

export interface StoredAcceptance extends SignerAcceptance {
  readonly id: string;
  readonly acceptedAt: Date;
  readonly endedAt: Date | undefined;
}

export interface SignerStore {
  /** @throws UsageError `usage.value` when the end is not in the future */
  acceptSigner(acceptance: SignerAcceptance, now: Date): Promise<StoredAcceptance>;
  /** Every acceptance ever made, the newest first. */
  listSigners(): Promise<readonly StoredAcceptance[]>;
  /** Those in force, as checks read them. */
  acceptedSigners(now: Date): Promise<readonly AcceptedSigner[]>;
  /**
   * @param product - only for this product; for every product when undefined
   * @returns the products it was accepted for and no longer is
   */
  endSigner(signer: string, product: string | undefined, now: Date): Promise<readonly string[]>;
}

interface SignerRow {
  id: string;
  signer: string;
  product: string | null;
  owner: string;
  reason: string;
  accepted_at: number;
  until: number | null;
  ended_at: number | null;
}

interface Tables {
  accepted_signer: SignerRow;
}

export function signerStore(database: Database): SignerStore {
  const listSigners = async () => {
    if (!database.hasRows("accepted_signer")) return [];
    const tables = await database.tables<Tables>();
    const rows = await tables
      .selectFrom("accepted_signer")
      .selectAll()
      .orderBy("accepted_at", "desc")
      .orderBy("id")
      .execute();
    return rows.map(toAcceptance);
  };
  return {
    listSigners,
    async acceptSigner(acceptance, now) {
      if (acceptance.until !== undefined) requireFuture(acceptance.until, now);
      const stored = { ...acceptance, id: randomUUID(), acceptedAt: now, endedAt: undefined };
      const { id, signer, product = null, owner, reason, until } = stored;
      const row = { id, signer, product, owner, reason, accepted_at: now.getTime(), ended_at: null };
      const tables = await database.tables<Tables>();
      await tables
        .insertInto("accepted_signer")
        .values({ ...row, until: until?.getTime() ?? null })
        .execute();
      return stored;
    },
    async acceptedSigners(now) {
      const inForce = (await listSigners()).filter((stored) => isInForce(stored, now));
      return inForce.map(({ signer, product, owner, reason }) => ({
        text: signer,
        product,
        origin: `accepted by ${owner}: ${reason}`,
        isLasting: true,
      }));
    },
    async endSigner(signer, product, now) {
      const tables = await database.tables<Tables>();
      const open = tables
        .updateTable("accepted_signer")
        .set({ ended_at: now.getTime() })
        .where("signer", "=", signer)
        .where("ended_at", "is", null);
      const these = product === undefined ? open : open.where("product", "=", product);
      const rows = await these.returning("product").execute();
      return [...new Set(rows.map((row) => row.product ?? "any product"))].sort();
    },
  };
}

function toAcceptance({ accepted_at, until, ended_at, product, ...row }: SignerRow): StoredAcceptance {
  return {
    ...row,
    product: product ?? undefined,
    acceptedAt: new Date(accepted_at),
    until: toDate(until),
    endedAt: toDate(ended_at),
  };
}
