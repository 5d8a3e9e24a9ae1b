/** The trust anchors of one run: the shipped table, and what `--trust` adds. @module */

import type { TrustStore } from "@sallyport/gate";
import { readBounded } from "./read-bounded.ts";

const MAX_TRUST_FILE_BYTES = 64 * 1024 * 1024;

/**
 * @param additions - paths of PEM or DER files, or the word `system`
 * @throws UsageError `usage.trust` or `usage.file`
 */
export async function trustWith(additions: readonly string[]): Promise<TrustStore> {
  const { defaultTrust, systemTrust, withAnchorsFromPem } = await import("@sallyport/gate");
  let trust = defaultTrust();
  for (const addition of additions) {
    trust =
      addition === "system"
        ? systemTrust(trust)
        : withAnchorsFromPem(trust, await readBounded(addition, MAX_TRUST_FILE_BYTES), addition);
  }
  return trust;
}
