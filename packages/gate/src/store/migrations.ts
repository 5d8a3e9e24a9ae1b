/** The gate's tables, step by step. A step that was released is never edited. @module */

import type { MigrationSet } from "@sallyport/store";

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
    {
      name: "002-twins",
      statements: [
        `CREATE TABLE twin_member (
          sha256 TEXT PRIMARY KEY, size_bytes INTEGER NOT NULL, format TEXT NOT NULL, identity TEXT NOT NULL,
          link TEXT, claim TEXT
        ) STRICT, WITHOUT ROWID`,
        "CREATE INDEX twin_member_link ON twin_member (link)",
        "CREATE INDEX twin_member_claim ON twin_member (claim)",
        `CREATE TABLE twin_signature (
          sha256 TEXT NOT NULL, position INTEGER NOT NULL, content TEXT, signer TEXT NOT NULL, organisation TEXT,
          is_proven INTEGER NOT NULL, PRIMARY KEY (sha256, position)
        ) STRICT, WITHOUT ROWID`,
        "CREATE INDEX twin_signature_content ON twin_signature (content)",
        `CREATE TABLE twin_sighting (
          sha256 TEXT NOT NULL, artifact TEXT NOT NULL, source TEXT NOT NULL, label TEXT NOT NULL, path TEXT NOT NULL,
          supplier TEXT, standing TEXT NOT NULL, culprit TEXT, seen_at INTEGER NOT NULL,
          PRIMARY KEY (sha256, artifact, source)
        ) STRICT, WITHOUT ROWID`,
        "CREATE INDEX twin_sighting_artifact ON twin_sighting (artifact)",
      ],
    },
    {
      name: "003-sightings",
      statements: [
        `CREATE TABLE artifact_sighting (
          sha256 TEXT PRIMARY KEY, label TEXT NOT NULL, first_seen_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID`,
        `CREATE TABLE artifact_origin (
          sha256 TEXT NOT NULL, urls TEXT NOT NULL, told_by TEXT NOT NULL, seen_at INTEGER NOT NULL,
          PRIMARY KEY (sha256, urls, told_by)
        ) STRICT, WITHOUT ROWID`,
      ],
    },
  ],
};
