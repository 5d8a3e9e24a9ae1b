import { defineTrait } from "../trait.ts";
import { similarityDigest } from "./digest.ts";

/** What pairing needs to tell a renamed file from another one; `digest` is read by `readDigest` of `distance.ts`. */
export interface Similarity {
  /** TLSH of the first {@link DIGESTED_BYTES}. */
  readonly digest: string;
}

/** Longer files are told apart by their beginning and their size. */
const DIGESTED_BYTES = 4 * 1024 * 1024;

export const similarity = defineTrait<Similarity>({
  id: "similarity",
  title: "Similarity",
  question: "Which member of the other release is this one most alike?",
  document: "Oliver, Cheng, Chen: TLSH - A Locality Sensitive Hash (2013)",
  async observe(source, context) {
    context.budget.checkTime();
    const length = Math.min(source.sizeBytes, DIGESTED_BYTES, context.maxHeldBytes);
    const digest = similarityDigest(await source.read(0, length));
    return digest === undefined ? undefined : { digest };
  },
});
