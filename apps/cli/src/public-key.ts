/** Public keys that a person names: a file, or the text of a verifier key. @module */

import { UsageError } from "@sallyport/core";
import type { PublicKey } from "@sallyport/ledger";
import { readBounded } from "./read-bounded.ts";

const MAX_KEY_BYTES = 64 * 1024;

/** @throws UsageError `usage.key` naming the file, `usage.file` */
export async function readPublicKey(given: string): Promise<PublicKey> {
  const { parsePublicKey } = await import("@sallyport/ledger");
  // A verifier key of the signed-note format: name+hash+base64.
  if (/^[^+\s]+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+$/.test(given)) return parsePublicKey(given);
  const text = (await readBounded(given, MAX_KEY_BYTES)).toString("utf8");
  return naming(given, () => parsePublicKey(text));
}

/** Whoever judges values does not know where they came from. */
export function naming<Result>(file: string, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof UsageError)) throw cause;
    throw new UsageError(cause.code, `${file}: ${cause.message}`, { cause });
  }
}
