/** What the world knows, made up for tests. @module */

import type { Intel, Known, Snapshot, Supplier, Topic, WitnessReport } from "@sallyport/core";

export interface MadeUpSnapshot extends Snapshot {
  readonly answers: readonly Topic[];
}

export const snapshotWith = (given: Partial<MadeUpSnapshot>): MadeUpSnapshot => ({
  id: "example@2026-01-01",
  source: "example",
  title: "Example list",
  authority: "public",
  licence: "CC0-1.0",
  asOf: "2026-01-01T00:00:00Z",
  fetchedAt: "2026-01-01T00:00:00Z",
  isStale: false,
  answers: [],
  ...given,
});

export interface MadeUp extends Partial<Omit<Intel, "snapshots" | "snapshotsOn" | "witnesses" | "supplier">> {
  readonly snapshots: readonly MadeUpSnapshot[];
  readonly witnesses?: WitnessReport;
  readonly supplier?: Known<Supplier>;
}

/** @param madeUp - what it knows; everything else is not known */
export function intelWith({ snapshots, witnesses, supplier, ...given }: MadeUp): Intel {
  return {
    snapshots,
    snapshotsOn: (topic) => snapshots.filter(({ answers }) => answers.includes(topic)),
    lifecycles: async () => [],
    vulnerabilities: async (claims) => claims.map(() => []),
    indicators: async () => [],
    indicatorValues: async () => [],
    hasIndicators: async () => false,
    witnesses: async () => witnesses ?? { agree: [], disagree: [] },
    supplier: async () => supplier,
    ...given,
  };
}
