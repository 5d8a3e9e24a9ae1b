/** Exceptions that people made for one content hash. @module */

import { randomUUID } from "node:crypto";
import type { Database } from "@sallyport/store";
import type { Kysely } from "kysely";
import type { Exception } from "../checks/check.ts";
import { distinctPeople } from "../checks/exception/person.ts";
import { isInForce, requireFuture, toDate } from "./term.ts";

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

export interface ExceptionStore {
  /** @throws UsageError `usage.value` when the end is not in the future */
  addException(grant: ExceptionGrant, now: Date): Promise<StoredException>;
  listExceptions(): Promise<readonly StoredException[]>;
  /** The one in force for this content that overrides most, the newest of equals. */
  exceptionFor(sha256: string, now: Date): Promise<Exception | undefined>;
  endException(id: string, now: Date): Promise<number>;
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
  admission_exception: ExceptionRow;
}

export function exceptionStore(database: Database): ExceptionStore {
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
      const inForce = stored.filter((exception) => isInForce(exception, now));
      const [best] = inForce.sort((a, b) => b.overrides.length - a.overrides.length);
      if (best === undefined) return undefined;
      const { owner, reason, until, overrides } = best;
      const owners = distinctPeople(inForce.map((exception) => exception.owner));
      return { owner, reason, until: until.toISOString(), overrides, owners };
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
