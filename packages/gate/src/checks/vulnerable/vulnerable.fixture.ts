/** Products and parts with made-up vulnerabilities. @module */

import type { Claim, Component, Known, Vulnerability } from "@sallyport/core";
import type { Artifact } from "../../artifact.ts";
import { contextWith, rootWith } from "../check.fixture.ts";
import type { CheckContext, CheckResult, Observation } from "../check.ts";
import { intelWith, snapshotWith } from "../intel.fixture.ts";
import { askAndAnswer } from "../recall.fixture.ts";
import { vulnerable } from "./index.ts";

export const list = snapshotWith({ id: "list", title: "Public list", answers: ["vulnerability"] });
const maker = snapshotWith({
  id: "maker",
  title: "Makers",
  authority: "supplier",
  answers: ["vulnerability"],
});
const house = snapshotWith({
  id: "house",
  title: "Us",
  authority: "organisation",
  answers: ["vulnerability"],
});
export const SNAPSHOTS = [list, maker, house];

export const known = (
  fact: Partial<Vulnerability> = {},
  given: Partial<Known<Vulnerability>> = {},
): Known<Vulnerability> => ({
  fact: { id: "CVE-2024-0001", aliases: [], summary: "It breaks.", fixedIn: [], ...fact },
  snapshot: "list",
  match: "certain",
  because: "vendor and product agree",
  ...given,
});

type Table = Readonly<Record<string, readonly Known<Vulnerability>[]>>;

/** Knows things by the product they claim. */
export const world = (table: Table): Partial<CheckContext> => ({
  intel: intelWith({
    snapshots: SNAPSHOTS,
    vulnerabilities: async (claims: readonly Claim[]) =>
      claims.map(({ product = "" }) => table[product] ?? []),
  }),
});
export const example: Artifact = rootWith({
  identity: { product: "Example", company: "Example Ltd", version: "1.2" },
});
export const part = (product: string, given: Partial<Component> = {}): Component => ({
  product,
  version: "1",
  identifiers: [],
  type: "library",
  foundBy: "test",
  confidence: "declared",
  ...given,
});
export const withParts = (...components: readonly Component[]): Artifact => ({
  ...example,
  members: [
    { path: "app/part.bin", sha256: "1".repeat(64), sizeBytes: 1, format: "pe", signatures: [], components },
  ],
});
export const ask = (artifact: Artifact, given: Partial<CheckContext>): Promise<CheckResult> =>
  askAndAnswer(vulnerable, artifact, contextWith(given));
export const seen = async (
  artifact: Artifact,
  given: Partial<CheckContext>,
): Promise<readonly Observation[]> => {
  const result = await ask(artifact, given);
  if ("notChecked" in result) throw new Error(result.notChecked);
  return "outcome" in result ? [result] : result;
};
export const baselineOf = (admittedAt?: string): Partial<CheckContext> => ({
  baseline: {
    label: "old.exe",
    sha256: "2".repeat(64),
    comparison: {} as never,
    ...(admittedAt !== undefined && { admittedAt }),
  },
});
export const exploited = { exploitedSince: "2024-02-03", fixedIn: ["1.3"] };
