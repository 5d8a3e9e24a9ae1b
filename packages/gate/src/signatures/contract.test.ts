/** Every registered scheme keeps the contract, shown on the sample that its own folder gives. */

import { readdirSync } from "node:fs";
import { type SchemeSample, schemeContract } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { signatureSchemes } from "./registry.ts";

interface SampleModule {
  readonly sample: () => Promise<SchemeSample>;
}

it("registers every folder", () => {
  const folders = readdirSync(import.meta.dirname, { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  expect(signatureSchemes.map(({ id }) => id).toSorted()).toEqual(folders.map(({ name }) => name).toSorted());
});

for (const scheme of signatureSchemes) {
  const { sample }: SampleModule = await import(`./${scheme.id}/sample.fixture.ts`);
  describe(`the signature scheme ${scheme.id}`, () => schemeContract(scheme, sample));
}
