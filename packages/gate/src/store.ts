/** What people decided before: signers they accepted, and exceptions for one content hash. @module */

import { randomUUID } from "node:crypto";
import { UsageError } from "@sallyport/core";
import type { Database, MigrationSet } from "@sallyport/store";
import type { Kysely } from "kysely";
import type { AcceptedSigner, Exception } from "./checks/check.ts";

export const gateMigrations: MigrationSet = {
  wing: "gate",
  migrations: [
    {
      name: "001-accepted-signers-and-exceptions",
      statements: [
        `CREATE TABLE accepted_signer (
          id TEXT PRIMARY KEY, signer TEXT NOT NULL, product TEXT, owner TEXT NOT NULL, reason TEXT NOT NULL,
          accepted_at INTEGER NOT NULL, until INTEGER, ended_at INTEGER
        ) STRICT`,
        `CREATE TABLE admission_exception (
          id TEXT PRIMARY KEY, sha256 TEXT NOT NULL, label TEXT NOT NULL, owner TEXT NOT NULL,
          reason TEXT NOT NULL, made_at INTEGER NOT NULL, until INTEGER NOT NULL,
          overrides TEXT NOT NULL, ended_at INTEGER
        ) STRICT`,
        "CREATE INDEX admission_exception_sha256 ON admission_exception (sha256)",
      ],
    },
  ],
};

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

export interface ExceptionGrant {
  /** Of the artifact, lower-case hex. */
  readonly sha256: string;
  readonly label: string;
  readonly owner: string;
  readonly reason: string;
  readonly until: Date;
  /** Refusing policies it overrides, by id. */
  readonly overrides: readonly string[];
}

export interface StoredException extends ExceptionGrant {
  readonly id: string;
  readonly madeAt: Date;
  readonly endedAt: Date | undefined;
}

export interface GateStore {
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
  /** @throws UsageError `usage.value` when the end is not in the future */
  addException(grant: ExceptionGrant, now: Date): Promise<StoredException>;
  listExceptions(): Promise<readonly StoredException[]>;
  /** The one in force for this content that overrides most, the newest of equals. */
  exceptionFor(sha256: string, now: Date): Promise<Exception | undefined>;
  endException(id: string, now: Date): Promise<number>;
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

interface ExceptionRow {
  id: string;
  sha256: string;
  label: string;
  owner: string;
  reason: string;
  made_at: number;
  until: number;
  overrides: string;
  ended_at: number | null;
}

interface Tables {
  accepted_signer: SignerRow;
  admission_exception: ExceptionRow;
}

/** @param database - opened with {@link gateMigrations} */
export function openGateStore(database: Database): GateStore {
  return { ...signerStore(database), ...exceptionStore(database) };
}

function signerStore(
  database: Database,
): Pick<GateStore, "acceptSigner" | "listSigners" | "acceptedSigners" | "endSigner"> {
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

function exceptionStore(
  database: Database,
): Pick<GateStore, "addException" | "listExceptions" | "exceptionFor" | "endException"> {
  const select = (tables: Kysely<Tables>) =>
    tables.selectFrom("admission_exception").selectAll().orderBy("made_at", "desc").orderBy("id");
  return {
    async addException(grant, now) {
      requireFuture(grant.until, now);
      const stored = { ...grant, id: randomUUID(), madeAt: now, endedAt: undefined };
      const { id, sha256, label, owner, reason } = stored;
      const times = { made_at: now.getTime(), until: grant.until.getTime(), ended_at: null };
      const tables = await database.tables<Tables>();
      await tables
        .insertInto("admission_exception")
        .values({ id, sha256, label, owner, reason, ...times, overrides: JSON.stringify(grant.overrides) })
        .execute();
      return stored;
    },
    async listExceptions() {
      const tables = await database.tables<Tables>();
      return (await select(tables).execute()).map(toException);
    },
    async exceptionFor(sha256, now) {
      if (!database.hasRows("admission_exception")) return undefined;
      const tables = await database.tables<Tables>();
      const stored = (await select(tables).where("sha256", "=", sha256).execute()).map(toException);
      const [best] = stored
        .filter((exception) => isInForce(exception, now))
        .sort((a, b) => b.overrides.length - a.overrides.length);
      if (best === undefined) return undefined;
      const { owner, reason, until, overrides } = best;
      return { owner, reason, until: until.toISOString(), overrides };
    },
    async endException(id, now) {
      const tables = await database.tables<Tables>();
      const result = await tables
        .updateTable("admission_exception")
        .set({ ended_at: now.getTime() })
        .where("id", "=", id)
        .where("ended_at", "is", null)
        .executeTakeFirst();
      return Number(result.numUpdatedRows);
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

function toException({ made_at, until, ended_at, overrides, ...row }: ExceptionRow): StoredException {
  const ids: unknown = JSON.parse(overrides);
  return {
    ...row,
    madeAt: new Date(made_at),
    until: new Date(until),
    endedAt: toDate(ended_at),
    overrides: Array.isArray(ids) ? ids.filter((id) => typeof id === "string") : [],
  };
}

const toDate = (milliseconds: number | null): Date | undefined =>
  milliseconds === null ? undefined : new Date(milliseconds);

const isInForce = (stored: { until: Date | undefined; endedAt: Date | undefined }, now: Date): boolean =>
  stored.endedAt === undefined && (stored.until === undefined || now < stored.until);

function requireFuture(until: Date, now: Date): void {
  if (!(until > now)) throw new UsageError("usage.value", "the end must lie in the future");
}
