/**
 * The process that compiles and tries brought rules before anything is opened. It gets them as one line of JSON on
 * standard input, and says one line for each: its name when it begins, and what is wrong when something is.
 * @module
 */

import { exitWithParent, readRequest, writeAll } from "@sallyport/cage";
import type { RulePack } from "./rule-pack.ts";
import type { TrialMessage } from "./trial-message.ts";
import { tryPack } from "./try-packs.ts";

const OUTPUT = 1;

// Loaded by another program, it is only looked at.
if (import.meta.main) await run();

async function run(): Promise<void> {
  const packs = JSON.parse(readRequest()) as readonly RulePack[];
  exitWithParent();
  for (const [index, pack] of packs.entries()) {
    say({ type: "at", index });
    const because = await tryPack(pack);
    if (because !== undefined) say({ type: "refused", because });
  }
  say({ type: "end" });
  process.exit(0);
}

function say(message: TrialMessage): void {
  writeAll(OUTPUT, Buffer.from(`${JSON.stringify(message)}\n`));
}
