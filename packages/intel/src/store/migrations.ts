/**
 * The tables of what the world knows, step by step. A step that was released is never edited.
 *
 * Keys stand below their snapshot, so that a snapshot goes and comes as one range of rows, and a question is asked of
 * each snapshot that could answer it: there are dozens, never thousands.
 * @module
 */

import type { MigrationSet } from "@sallyport/store";

export const intelMigrations: MigrationSet = {
  wing: "intel",
  migrations: [
    {
      name: "001-snapshots-and-facts",
      statements: [
        `CREATE TABLE snapshot (
          number INTEGER PRIMARY KEY, id TEXT NOT NULL, source TEXT NOT NULL, part TEXT NOT NULL, title TEXT NOT NULL,
          authority TEXT NOT NULL, licence TEXT NOT NULL, answers TEXT NOT NULL, stale_after_days INTEGER NOT NULL,
          as_of TEXT NOT NULL, has_own_date INTEGER NOT NULL, fetched_at TEXT NOT NULL, checked_at TEXT NOT NULL,
          sha256 TEXT NOT NULL, files TEXT NOT NULL, kinds TEXT NOT NULL, rows INTEGER NOT NULL, skipped INTEGER NOT NULL,
          first_fact INTEGER NOT NULL, end_fact INTEGER NOT NULL, UNIQUE (source, part)
        ) STRICT`,
        `CREATE TABLE fact (
          number INTEGER PRIMARY KEY, snapshot INTEGER NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL
        ) STRICT`,
        `CREATE TABLE fact_key (
          snapshot INTEGER NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL, fact INTEGER NOT NULL,
          PRIMARY KEY (snapshot, kind, key, fact)
        ) STRICT, WITHOUT ROWID`,
      ],
    },
    {
      name: "002-witnesses",
      statements: [
        `CREATE TABLE witness_package (
          number INTEGER PRIMARY KEY, snapshot INTEGER NOT NULL, package_id TEXT NOT NULL, product TEXT, vendor TEXT,
          UNIQUE (snapshot, package_id)
        ) STRICT`,
        `CREATE TABLE witness_package_key (
          package INTEGER NOT NULL, key TEXT NOT NULL, PRIMARY KEY (package, key)
        ) STRICT, WITHOUT ROWID`,
        "CREATE INDEX witness_package_key_key ON witness_package_key (key)",
        `CREATE TABLE witness (
          number INTEGER PRIMARY KEY, package INTEGER NOT NULL, sha256 BLOB NOT NULL, version TEXT, architecture TEXT,
          url TEXT, since TEXT NOT NULL
        ) STRICT`,
        `CREATE TABLE witness_hash (
          snapshot INTEGER NOT NULL, prefix INTEGER NOT NULL, package INTEGER NOT NULL, release INTEGER NOT NULL,
          architecture INTEGER NOT NULL, witness INTEGER NOT NULL,
          PRIMARY KEY (snapshot, prefix, package, release, architecture)
        ) STRICT, WITHOUT ROWID`,
        `CREATE TABLE witness_release (
          package INTEGER NOT NULL, release INTEGER NOT NULL, witness INTEGER NOT NULL,
          PRIMARY KEY (package, release, witness)
        ) STRICT, WITHOUT ROWID`,
        `CREATE TABLE witness_gone (
          snapshot INTEGER NOT NULL, prefix INTEGER NOT NULL, package INTEGER NOT NULL, release INTEGER NOT NULL,
          architecture INTEGER NOT NULL, witness INTEGER NOT NULL, gone_at TEXT NOT NULL,
          PRIMARY KEY (snapshot, prefix, package, release, architecture)
        ) STRICT, WITHOUT ROWID`,
      ],
    },
    {
      name: "003-entries",
      statements: [
        `CREATE TABLE entry (
          id TEXT PRIMARY KEY, fact TEXT NOT NULL, owner TEXT NOT NULL, reason TEXT NOT NULL, added_at TEXT NOT NULL,
          removed_at TEXT, removed_by TEXT, removed_because TEXT
        ) STRICT`,
      ],
    },
    { name: "004-keying", statements: ["CREATE TABLE keying (edition INTEGER NOT NULL) STRICT"] },
    { name: "005-shipping", statements: ["CREATE TABLE shipping (edition TEXT NOT NULL) STRICT"] },
  ],
};
