/** The hash a person was told to expect, from somewhere other than the download. @module */

import { UsageError } from "@sallyport/core";
import type { Check } from "../check.ts";

const EXPECTED = /^sha256:[0-9a-f]{64}$/;

export const expectedHash: Check = {
  id: "expected-hash",
  question: "Are these the bytes the person expects?",
  kind: "world",
  document: "FIPS 180-4",
  recall: "stands",
  async examine({ artifact, context }) {
    if (context.expectedHash === undefined) return { notChecked: "no hash was given with --expect" };
    const expected = context.expectedHash.toLowerCase();
    if (!EXPECTED.test(expected))
      throw new UsageError("usage.value", "an expected hash is sha256: and 64 hexadecimal digits");
    const actual = `sha256:${artifact.root.sha256}`;
    return actual === expected
      ? { outcome: "pass", because: "has the hash you expect", facts: { expected } }
      : {
          outcome: "fail",
          because: `has the hash ${actual}, you expect ${expected}`,
          facts: { expected, actual },
        };
  },
};
