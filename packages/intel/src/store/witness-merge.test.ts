import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { WitnessFact } from "../fact.ts";
import { openIntel } from "../intel.ts";
import { listSnapshots, openIntelFile } from "../store.ts";
import { findByHash } from "./witness-find.ts";

const hashOf = (number: number) => number.toString(16).padEnd(64, "5");
const anyRow = fc
  .record({
    hash: fc.integer({ min: 1, max: 6 }),
    package: fc.constantFrom("A.One", "B.Two"),
    version: fc.constantFrom("1.0", "1", "v1.0.0", "2.0", undefined),
    architecture: fc.constantFrom("x64", "arm64", undefined),
  })
  .map(
    ({ hash, package: packageId, version, architecture }): WitnessFact => ({
      kind: "witness",
      witness: {
        sha256: hashOf(hash),
        packageId,
        ...(version !== undefined && { version }),
        ...(architecture !== undefined && { architecture }),
      },
    }),
  );
const anyLoad = fc.record({
  source: fc.constantFrom("one", "two"),
  rows: fc.array(anyRow, { maxLength: 8 }),
  isRemoved: fc.integer({ min: 0, max: 9 }).map((chance) => chance === 0),
});

/** `v1.0.0`, `1.0` and `1` are one release. */
const releaseOf = (version = "") => version.replace(/^v/, "").replace(/(\.0)+$/, "");
const identityOf = ({ witness }: WitnessFact) =>
  [witness.sha256, witness.packageId, releaseOf(witness.version), witness.architecture ?? ""].join(" ");

/** By source and row: the first day it stood, and whether it stands there now. */
type Model = Map<string, Map<string, { since: string; isThere: boolean }>>;

function remember(model: Model, source: string, rows: readonly WitnessFact[], day: string): void {
  const known = model.get(source) ?? new Map<string, { since: string; isThere: boolean }>();
  for (const row of known.values()) row.isThere = false;
  for (const row of rows) {
    const since = known.get(identityOf(row))?.since ?? day;
    known.set(identityOf(row), { since, isThere: true });
  }
  model.set(source, known);
}

it("remembers the same as a list of everything that ever stood there, whatever comes and goes", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyLoad, { minLength: 1, maxLength: 6 }), async (loads) => {
      const folder = mkdtempSync(join(tmpdir(), "sallyport-intel-"));
      const clock = { now: () => new Date("2026-11-25T12:00:00Z") };
      const intel = await openIntel({ file: join(folder, "intel.db"), clock, sources: [] });
      const model: Model = new Map();
      try {
        for (const [at, { source, rows, isRemoved }] of loads.entries()) {
          if (isRemoved) {
            intel.remove(source);
            model.delete(source);
            continue;
          }
          const day = `2026-01-0${at + 1}T00:00:00.000Z`;
          const terms = {
            ...{ id: source, title: source, licence: "MIT", authority: "public" as const },
            ...{ answers: ["witness"] as const, staleAfterDays: 30 },
          };
          const load = { source: terms, fetchedAt: new Date(day), sha256: "0".repeat(64), files: [] };
          await intel.load(load, { facts: rows });
          remember(model, source, rows, day);
        }
        const database = openIntelFile(join(folder, "intel.db"));
        for (let hash = 1; hash <= 6; hash += 1) {
          const stored = findByHash(database, listSnapshots(database, clock.now()), hashOf(hash));
          const told = stored.map(({ witness, snapshot, goneAt }) => {
            const stands = goneAt === undefined ? "there" : "gone";
            return `${snapshot.source} ${identityOf({ kind: "witness", witness })} ${witness.since} ${stands}`;
          });
          const expected = [...model].flatMap(([source, known]) =>
            [...known].flatMap(([identity, { since, isThere }]) =>
              identity.startsWith(hashOf(hash))
                ? [`${source} ${identity} ${since} ${isThere ? "there" : "gone"}`]
                : [],
            ),
          );
          expect(told.sort()).toEqual(expected.sort());
        }
        database.close();
      } finally {
        intel.close();
        rmSync(folder, { recursive: true, force: true });
      }
    }),
    { numRuns: 40 },
  );
});
