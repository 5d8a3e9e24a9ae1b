import type { SchemeSample } from "@sallyport/testkit";
import { brought, keyFile, makeKey, signFile } from "./signing.fixture.ts";

/** A file with its signature and key. */
export const sample = async (): Promise<SchemeSample> => {
  const key = makeKey();
  const bytes = Buffer.from("a harmless line of text\n".repeat(50));
  return {
    format: "data",
    bytes,
    brought: {
      signatures: [brought("a.minisig", signFile(key, bytes))],
      keys: [brought("a.pub", keyFile(key))],
    },
    covered: [[0, bytes.length]],
  };
};
