/** Starts the comparing process, listens to it, and ends it when it takes too much. @module */

import { explainStop } from "@sallyport/cage";
import { runGateProcess } from "../parser/caged.ts";
import type { Comparison, FoundDifference, MemberCounts, NotCompared } from "./comparison.ts";
import { readCompareMessage } from "./message.ts";

const isSource = import.meta.url.endsWith(".ts");
const compareEntry = new URL(isSource ? "./main.ts" : "./compare.js", import.meta.url);

export interface CompareRun {
  /** What the parser processes wrote, open for reading. */
  readonly before: number;
  readonly after: number;
  readonly scratchFolder: string;
  readonly milliseconds: number;
  readonly now: Date;
  readonly maxMemoryBytes: number;
}

/**
 * @returns what was found; however the process ends, what it had not said is among what was not compared
 * @throws WorldError `world.process` when it cannot be started
 */
export async function runCompare(run: CompareRun): Promise<Comparison> {
  let counts: MemberCounts = { members: 0, unchanged: 0, changed: 0, added: 0, removed: 0 };
  let sameProduct: boolean | undefined;
  const differences: FoundDifference[] = [];
  const notCompared: NotCompared[] = [];
  const stopped = await runGateProcess({
    entry: compareEntry,
    isPacked: true,
    request: JSON.stringify({ milliseconds: run.milliseconds, now: run.now.getTime() }),
    descriptors: [run.before, run.after],
    scratchFolder: run.scratchFolder,
    milliseconds: run.milliseconds,
    maxMemoryBytes: run.maxMemoryBytes,
    hear: (line) => {
      const message = readCompareMessage(line);
      if (message.type === "summary") ({ counts, sameProduct } = { sameProduct: undefined, ...message });
      if (message.type === "difference") differences.push(message.difference);
      if (message.type === "not-compared") notCompared.push(message.notCompared);
      return message.type === "end";
    },
  });
  if (stopped !== undefined)
    notCompared.push({
      path: "",
      because: `the releases were not compared to the end: comparing ${explainStop(stopped)}`,
    });
  return { sameProduct, counts, differences, notCompared };
}
