import type { Known, Supplier, Witness } from "@sallyport/core";
import { describe, expect, it } from "vitest";
import { contextWith, rootWith, signedBy } from "../check.fixture.ts";
import { intelWith, snapshotWith } from "../intel.fixture.ts";
import { askAndAnswer } from "../recall.fixture.ts";
import { coolingOff } from "./index.ts";

const now = new Date("2026-04-01T12:00:00Z");
const clock = { now: () => now };
const snapshots = [
  snapshotWith({ id: "organisation@1", source: "organisation", title: "Said here", answers: ["supplier"] }),
  snapshotWith({ id: "scoop@1", source: "scoop", title: "Scoop buckets", answers: ["witness"] }),
];
const supplierWith = (given: Partial<Supplier> = {}): Known<Supplier> => ({
  fact: { name: "Ledgerworks", domains: [], ...given },
  snapshot: "organisation@1",
  match: "certain",
  because: "the name is the same",
});
const seenSince = (since: string): Known<Witness> => ({
  fact: { sha256: "0".repeat(64), packageId: "app", since },
  snapshot: "scoop@1",
  match: "certain",
  because: "the hash is the same",
});

interface Given {
  readonly supplier?: Known<Supplier>;
  readonly witness?: string;
  readonly firstSeenAt?: string;
  readonly timedAt?: string;
  readonly isVerified?: boolean;
}

const ask = ({ supplier, witness, firstSeenAt, timedAt, isVerified = true }: Given) =>
  askAndAnswer(
    coolingOff,
    rootWith({
      signatures: [
        signedBy("Ledgerworks", {
          ...(timedAt !== undefined && {
            timestamp: { kind: "rfc3161", at: timedAt, verified: isVerified, authority: "Time" },
          }),
        }),
      ],
    }),
    contextWith({
      clock,
      ...(firstSeenAt !== undefined && { firstSeenAt: new Date(firstSeenAt) }),
      intel: intelWith({
        snapshots,
        ...(supplier !== undefined && { supplier }),
        witnesses: { agree: witness === undefined ? [] : [seenSince(witness)], disagree: [] },
      }),
    }),
  );

describe("cooling-off", () => {
  it("only shows an age where nobody set a time for the supplier", async () => {
    expect(await ask({ firstSeenAt: "2026-03-30T00:00:00Z" })).toMatchObject({
      outcome: "pass",
      because:
        "these bytes are known for 2 days, since 2026-03-30, when they were first judged here; no time of waiting is set here for Ledgerworks Ltd",
      facts: { ageDays: 2, requiredDays: 0 },
    });
  });

  it("holds what is younger than its supplier's releases have to be, and says until when", async () => {
    expect(await ask({ supplier: supplierWith({ coolingOffDays: 14 }) })).toMatchObject({
      outcome: "fail",
      because: expect.stringMatching(
        /^these bytes are known for 0 days, since 2026-04-01, when they were first judged here; releases of Ledgerworks wait 14 days \(Said here of 2026-01-01\), so until 2026-04-15$/,
      ),
      facts: { ageDays: 0, requiredDays: 14, until: "2026-04-15T12:00:00.000Z" },
    });
  });

  it("waits 28 days for a supplier nobody looked at, and no longer", async () => {
    const supplier = supplierWith();
    expect(await ask({ supplier, firstSeenAt: "2026-03-04T12:00:01Z" })).toMatchObject({ outcome: "fail" });
    expect(await ask({ supplier, firstSeenAt: "2026-03-04T12:00:00Z" })).toMatchObject({
      outcome: "pass",
      facts: { ageDays: 28, requiredDays: 28 },
    });
    expect(await ask({ supplier: supplierWith({ coolingOffDays: 0 }) })).toMatchObject({ outcome: "pass" });
  });

  it("counts from the earliest of own sight, a witness and the time of the signature", async () => {
    const supplier = supplierWith();
    const early = "2026-01-15T00:00:00Z";
    expect(await ask({ supplier, witness: early, timedAt: "2026-03-01T00:00:00Z" })).toMatchObject({
      outcome: "pass",
      because: expect.stringMatching(/since 2026-01-15, when Scoop buckets first had them/),
    });
    expect(await ask({ supplier, timedAt: early })).toMatchObject({
      outcome: "pass",
      because: expect.stringMatching(/when their signature was timed/),
    });
  });

  it("believes no time that nobody verified, that lies ahead, or that is none", async () => {
    const supplier = supplierWith();
    for (const given of [
      { timedAt: "2020-01-01T00:00:00Z", isVerified: false },
      { witness: "2030-01-01T00:00:00Z" },
      { witness: "yesterday" },
      { firstSeenAt: "2030-01-01T00:00:00Z" },
    ])
      expect(await ask({ supplier, ...given }), JSON.stringify(given)).toMatchObject({
        outcome: "fail",
        facts: { ageDays: 0 },
      });
  });

  it("is not checked where nothing is known at all", async () => {
    expect(await askAndAnswer(coolingOff, rootWith({}), contextWith({}))).toHaveProperty("notChecked");
  });
});
