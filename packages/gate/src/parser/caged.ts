/** The gate's own programs in cages: with what all of them need, and their code in one piece. @module */

import { type CagedRun, runCaged } from "@sallyport/cage";
import type { JsonObject } from "@sallyport/core";
import { sevenZipArguments, sevenZipFolder } from "../long-tail/program.ts";
import { yaraXFolder } from "../rules/yara-x.ts";
import { besideCompileCache, findCodePack, packArguments } from "./code-pack.ts";

export interface GateRun extends Omit<CagedRun, "nodeArguments" | "readableFolders"> {
  /** Whether its code stands in the pack. */
  readonly isPacked: boolean;
}

/** As `runCaged` does. @throws WorldError `world.process` */
export function runGateProcess({ isPacked, ...run }: GateRun): Promise<JsonObject | undefined> {
  const pack = isPacked ? findCodePack(besideCompileCache()) : undefined;
  return runCaged({
    ...run,
    nodeArguments: [...sevenZipArguments(), ...packArguments(pack)],
    readableFolders: [sevenZipFolder(), yaraXFolder(), ...(pack === undefined ? [] : [pack])],
  });
}
