/** Members of what was judged, so that a file met again can be compared with what it was elsewhere. @module */

import type { Database } from "@sallyport/store";
import type { Kysely } from "kysely";
import type { ArtifactMember } from "../artifact.ts";
import { claimKey, linkKey } from "../checks/twin/content.ts";
import type { KnownFile, TwinMemory } from "../checks/twin/memory.ts";
import { signedContent } from "../signatures/proven.ts";
import {
  memberRow,
  type SightingRow,
  sightingRow,
  signatureRows,
  type TwinTables,
  toKnownFiles,
} from "./twin-rows.ts";

export interface TwinStore extends TwinMemory {
  /** Loads what the next question needs: to be called while something else is waited for. */
  prepare(): Promise<void>;
  /** Adds what was met. Of a content that is known already only the sighting is new. */
  remember(files: readonly KnownFile[]): Promise<void>;
  /** Everything, in the order of its hashes, in portions. */
  all(): AsyncIterable<readonly KnownFile[]>;
  /** @returns how many sightings were forgotten, and with them contents that were met nowhere else */
  forget(what: Forgetting): Promise<number>;
}

/** One content, one artifact with all that was in it, what one key's owner said, or everything. */
export type Forgetting =
  | { readonly member: string }
  | { readonly artifact: string }
  | { readonly source: string }
  | "everything";

/** SQLite takes 32,766 parameters; shorter questions are planned faster. */
const ASKED_AT_ONCE = 500;
const PORTION = 1_000;
/** Of one content from one supplier: more say nothing new. */
const SIGHTINGS_EACH = 4;
/** Whoever names a thousand files alike must not fill the memory: the rest is left out. */
const MAX_RECALLED = 20_000;

export function twinStore(database: Database): TwinStore {
  return {
    prepare: async () => {
      await database.tables<TwinTables>();
    },
    isEmpty: () => !database.hasRows("twin_sighting"),
    remember: (files) => remember(database, files),
    async recall(members) {
      if (!database.hasRows("twin_sighting") || members.length === 0) return [];
      const tables = await database.tables<TwinTables>();
      return readFiles(tables, await matching(tables, members));
    },
    async *all() {
      if (!database.hasRows("twin_sighting")) return;
      const tables = await database.tables<TwinTables>();
      for (let last = ""; ; ) {
        const hashes = await hashesAfter(tables, last);
        if (hashes.length === 0) return;
        yield readFiles(tables, hashes);
        last = hashes.at(-1) ?? "";
      }
    },
    forget: (what) => database.transaction((bound) => forget(bound, what)),
  };
}

async function remember(database: Database, files: readonly KnownFile[]): Promise<void> {
  if (files.length === 0) return;
  await database.transaction(async (bound) => {
    const tables = await bound.tables<TwinTables>();
    for (const portion of portions(files, 100)) {
      await tables
        .insertInto("twin_member")
        .values(portion.map(memberRow))
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      const signatures = portion.flatMap(signatureRows);
      for (const rows of portions(signatures, 100))
        await tables
          .insertInto("twin_signature")
          .values([...rows])
          .onConflict((conflict) =>
            // Proven once is proven: the same bytes, asked about with fewer anchors, are no others.
            conflict
              .columns(["sha256", "position"])
              .doUpdateSet({ is_proven: 1 })
              .where((update) => update(update.ref("excluded.is_proven"), "=", 1)),
          )
          .execute();
      const sightings = portion.flatMap((file) =>
        file.sightings.map((sighting) => sightingRow(file, sighting)),
      );
      for (const rows of portions(sightings, 100)) await addSightings(tables, rows);
    }
  });
}

/**
 * A later word about the same artifact counts, unless it is only that the artifact was seen: an admission or a refusal
 * for what is inside stays until a person, or other evidence, says otherwise.
 */
async function addSightings(tables: Kysely<TwinTables>, rows: readonly SightingRow[]): Promise<void> {
  await tables
    .insertInto("twin_sighting")
    .values([...rows])
    .onConflict((conflict) =>
      conflict
        .columns(["sha256", "artifact", "source"])
        .doUpdateSet((update) => ({
          label: update.ref("excluded.label"),
          path: update.ref("excluded.path"),
          supplier: update.ref("excluded.supplier"),
          standing: update.ref("excluded.standing"),
          culprit: update.ref("excluded.culprit"),
          seen_at: update.ref("excluded.seen_at"),
        }))
        .where((update) => update(update.ref("excluded.standing"), "!=", "seen")),
    )
    .execute();
}

/** @returns hashes of every content that has something in common with a member */
async function matching(
  tables: Kysely<TwinTables>,
  members: readonly ArtifactMember[],
): Promise<readonly string[]> {
  const found = new Set<string>();
  const add = (rows: readonly { sha256: string }[]) => {
    for (const { sha256 } of rows) if (found.size < MAX_RECALLED) found.add(sha256);
  };
  const identities = members.map(({ identity = {} }) => identity);
  for (const [column, values] of [
    ["sha256", members.map(({ sha256 }) => sha256)],
    ["link", identities.map(linkKey)],
    ["claim", identities.map(claimKey)],
  ] as const)
    for (const asked of portions(distinct(values), ASKED_AT_ONCE))
      add(await matchingColumn(tables, column, asked));
  const contents = members.flatMap(({ signatures }) => signatures.map(signedContent));
  for (const asked of portions(distinct(contents), ASKED_AT_ONCE)) {
    const select = tables.selectFrom("twin_signature").select("sha256").where("content", "in", asked);
    add(await select.limit(MAX_RECALLED).execute());
  }
  return [...found].sort();
}

const matchingColumn = (
  tables: Kysely<TwinTables>,
  column: "sha256" | "link" | "claim",
  asked: readonly string[],
): Promise<readonly { sha256: string }[]> =>
  tables.selectFrom("twin_member").select("sha256").where(column, "in", asked).limit(MAX_RECALLED).execute();

async function readFiles(
  tables: Kysely<TwinTables>,
  hashes: readonly string[],
): Promise<readonly KnownFile[]> {
  const files: KnownFile[] = [];
  for (const asked of portions(hashes, ASKED_AT_ONCE)) {
    const members = await tables.selectFrom("twin_member").selectAll().where("sha256", "in", asked).execute();
    const signatures = await tables
      .selectFrom("twin_signature")
      .selectAll()
      .where("sha256", "in", asked)
      .orderBy("position")
      .execute();
    files.push(...toKnownFiles(members, signatures, await readSightings(tables, asked)));
  }
  return files;
}

/** The newest of each content, supplier and standing, so that a library that is everywhere is soon read. */
async function readSightings(
  tables: Kysely<TwinTables>,
  asked: readonly string[],
): Promise<readonly SightingRow[]> {
  const numbered = tables
    .selectFrom("twin_sighting")
    .selectAll()
    .select(({ fn }) =>
      fn
        .agg<number>("row_number")
        .over((over) =>
          over.partitionBy(["sha256", "supplier", "standing"]).orderBy("seen_at", "desc").orderBy("artifact"),
        )
        .as("number"),
    )
    .where("sha256", "in", asked);
  const rows = await tables
    .selectFrom(numbered.as("numbered"))
    .selectAll()
    .where("number", "<=", SIGHTINGS_EACH)
    .orderBy("seen_at")
    .orderBy("artifact")
    .execute();
  return rows.map(({ number: _, ...row }) => row);
}

async function hashesAfter(tables: Kysely<TwinTables>, last: string): Promise<readonly string[]> {
  const rows = await tables
    .selectFrom("twin_member")
    .select("sha256")
    .where("sha256", ">", last)
    .orderBy("sha256")
    .limit(PORTION)
    .execute();
  return rows.map(({ sha256 }) => sha256);
}

async function forget(bound: Database, what: Forgetting): Promise<number> {
  const tables = await bound.tables<TwinTables>();
  const all = tables.deleteFrom("twin_sighting");
  const these =
    what === "everything"
      ? all
      : "member" in what
        ? all.where("sha256", "=", what.member)
        : "artifact" in what
          ? all.where("artifact", "=", what.artifact)
          : all.where("source", "=", what.source);
  const { numDeletedRows } = await these.executeTakeFirst();
  for (const table of ["twin_member", "twin_signature"] as const)
    await tables
      .deleteFrom(table)
      .where("sha256", "not in", tables.selectFrom("twin_sighting").select("sha256"))
      .execute();
  return Number(numDeletedRows);
}

const distinct = (values: readonly (string | undefined)[]): readonly string[] => [
  ...new Set(values.filter((value) => value !== undefined)),
];

function* portions<Item>(items: readonly Item[], size: number): Generator<readonly Item[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
