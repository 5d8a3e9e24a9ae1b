/** Every registered format keeps the contract, shown on the sample that its own folder gives. */

import { formatContract } from "@sallyport/testkit";
import { describe } from "vitest";
import { formats } from "./registry.ts";

interface SampleModule {
  /** An ordinary file of the format. */
  readonly sample: () => Buffer | Promise<Buffer>;
}

for (const format of formats) {
  const { sample }: SampleModule = await import(`./${format.id}/sample.fixture.ts`);
  const bytes = await sample();
  describe(`the format ${format.id}`, () => formatContract(format, bytes));
}
