import type { SchemeSample } from "@sallyport/testkit";
import { NOW, signXar, trust } from "./signing.fixture.ts";

/** The table of contents, and the file that stands in the heap as it is, at its very end. */
export const sample = async (): Promise<SchemeSample> => {
  const { bytes, tableAt, heapAt } = signXar();
  return {
    format: "pkg",
    bytes,
    trust,
    now: NOW,
    covered: [
      [tableAt, heapAt],
      [bytes.length - 500, bytes.length],
    ],
  };
};
