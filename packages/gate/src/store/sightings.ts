/** When exactly these bytes were first judged here, and where they are said to have come from. @module */

import type { Database } from "@sallyport/store";
import type { Origin } from "../checks/check.ts";

export interface Sighting {
  /** Of the artifact, lower-case hex. */
  readonly sha256: string;
  readonly label: string;
  readonly origin: Origin | undefined;
}

export interface SightingStore {
  /** The first sight of a content stays as it is; every other origin of it is added. */
  noteSighting(sighting: Sighting, now: Date): Promise<void>;
  firstSeenAt(sha256: string): Promise<Date | undefined>;
  /**
   * The oldest first; at most {@link MAX_ORIGINS}.
   * @param until - what was said later is left out
   */
  originsOf(sha256: string, until?: Date): Promise<readonly Origin[]>;
}

/** Of one content: whoever fetches it from everywhere cannot fill the disk. */
export const MAX_ORIGINS = 100;

interface Tables {
  artifact_sighting: { sha256: string; label: string; first_seen_at: number };
  artifact_origin: { sha256: string; urls: string; told_by: string; seen_at: number };
}

export const sightingStore = (database: Database): SightingStore => ({
  async noteSighting({ sha256, label, origin }, now) {
    await database.transaction(async (bound) => {
      const tables = await bound.tables<Tables>();
      await tables
        .insertInto("artifact_sighting")
        .values({ sha256, label, first_seen_at: now.getTime() })
        .onConflict((conflict) => conflict.column("sha256").doNothing())
        .execute();
      if (origin === undefined || (await readOrigins(bound, sha256)).length >= MAX_ORIGINS) return;
      const { urls, toldBy } = origin;
      await tables
        .insertInto("artifact_origin")
        .values({ sha256, urls: JSON.stringify(urls), told_by: toldBy, seen_at: now.getTime() })
        .onConflict((conflict) => conflict.columns(["sha256", "urls", "told_by"]).doNothing())
        .execute();
    });
  },
  async firstSeenAt(sha256) {
    if (!database.hasRows("artifact_sighting")) return undefined;
    const tables = await database.tables<Tables>();
    const row = await tables
      .selectFrom("artifact_sighting")
      .select("first_seen_at")
      .where("sha256", "=", sha256)
      .executeTakeFirst();
    return row && new Date(row.first_seen_at);
  },
  originsOf: async (sha256, until) =>
    database.hasRows("artifact_origin") ? readOrigins(database, sha256, until) : [],
});

async function readOrigins(database: Database, sha256: string, until?: Date): Promise<readonly Origin[]> {
  const tables = await database.tables<Tables>();
  const rows = await tables
    .selectFrom("artifact_origin")
    .select(["urls", "told_by"])
    .where("sha256", "=", sha256)
    .where("seen_at", "<=", until?.getTime() ?? Number.MAX_SAFE_INTEGER)
    .orderBy("seen_at")
    .orderBy("urls")
    .limit(MAX_ORIGINS)
    .execute();
  return rows.flatMap(({ urls, told_by }) => {
    const toldBy = TELLERS.find((teller) => teller === told_by);
    return toldBy === undefined ? [] : [{ urls: textsOf(JSON.parse(urls)), toldBy }];
  });
}

const TELLERS = ["--origin", "download", "mark-of-the-web"] as const;

const textsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((text) => typeof text === "string") : [];
