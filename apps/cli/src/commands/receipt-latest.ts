/** `receipt latest FILE`: the receipt of the last decision about a file, also of one that nobody was there to keep. @module */

import { join } from "node:path";
import { silentLog, systemClock, UsageError } from "@sallyport/core";
import { makeHome } from "../home.ts";
import { printable } from "../render/text.ts";
import type { Terminal } from "../terminal.ts";

const SHA256 = /^(?:sha256:)?([0-9a-f]{64})$/i;

/**
 * @param about - a file, or its SHA-256
 * @param hashFile - gives the SHA-256 of a file, hex
 * @throws UsageError `usage.receipt` when nothing was decided about it here
 */
export async function printLatest(
  about: string,
  hashFile: (path: string) => Promise<string>,
  terminal: Terminal,
): Promise<number> {
  const { openLedger } = await import("@sallyport/ledger");
  const sha256 = SHA256.exec(about)?.[1]?.toLowerCase() ?? (await hashFile(about));
  makeHome(terminal.home);
  const folder = join(terminal.home, "ledger");
  const ledger = await openLedger({ folder, clock: systemClock, log: silentLog });
  try {
    const entry = ledger.latest(`sha256:${sha256}`);
    if (entry === undefined)
      throw new UsageError(
        "usage.receipt",
        `${printable(about)}: nothing was decided about it here; judge it: ${terminal.program} check FILE`,
      );
    terminal.out(`${JSON.stringify(entry.receipt, null, 2)}\n`);
    return 0;
  } finally {
    ledger.close();
  }
}
