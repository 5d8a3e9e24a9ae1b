/**
 * The comparing process. It gets what two parser processes wrote about two releases as open descriptors 3 and 4, one
 * request on standard input, and answers in lines on standard output. It owns nothing else.
 * @module
 */

import { exitWithParent, readRequest, writeAll } from "@sallyport/cage";
import { ArtifactError, Budget, DEFAULT_LIMITS } from "@sallyport/core";
import { traits } from "../traits/registry.ts";
import { compareReleases } from "./compare.ts";
import type { Comparison } from "./comparison.ts";
import type { CompareMessage } from "./message.ts";
import { PortraitFile } from "./portrait-file.ts";

const [OUTPUT, BEFORE, AFTER] = [1, 3, 4];

// Loaded by another program, it is only looked at.
if (import.meta.main) run();

function run(): void {
  const { milliseconds, now } = JSON.parse(readRequest()) as {
    milliseconds: number;
    /** Since 1970. */
    now: number;
  };
  exitWithParent();
  const budget = new Budget({ ...DEFAULT_LIMITS, milliseconds });
  for (const message of messagesOf(compare(budget, new Date(now)))) say(message);
  process.exit(0);
}

function compare(budget: Budget, now: Date): Comparison {
  try {
    const before = new PortraitFile(BEFORE);
    const releases = { before, after: new PortraitFile(AFTER, before), now };
    return compareReleases(releases, traits, budget);
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    const counts = { members: 0, unchanged: 0, changed: 0, added: 0, removed: 0 };
    const notCompared = [{ path: "", because: error.message }];
    return { sameProduct: undefined, counts, differences: [], notCompared };
  }
}

function* messagesOf({ counts, sameProduct, ...found }: Comparison): Generator<CompareMessage> {
  yield { type: "summary", counts, ...(sameProduct !== undefined && { sameProduct }) };
  for (const difference of found.differences) yield { type: "difference", difference };
  for (const notCompared of found.notCompared) yield { type: "not-compared", notCompared };
  yield { type: "end" };
}

function say(message: CompareMessage): void {
  const bytes = Buffer.from(`${JSON.stringify(message)}\n`);
  writeAll(OUTPUT, bytes);
}
