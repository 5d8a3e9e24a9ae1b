/** Which reader draws which format. One line per format. @module */

import type { Budget, ByteSource } from "@sallyport/core";
import { readElfFacts } from "../../formats/elf/executable.ts";
import { readMachFacts } from "../../formats/mach-o/executable.ts";
import { readPeFacts } from "../../formats/pe/executable.ts";
import type { ExecutableFacts } from "./facts.ts";

/** @returns undefined for what holds several images, each of which is a member of its own */
export type FactsReader = (source: ByteSource, budget: Budget) => Promise<ExecutableFacts | undefined>;

/** By the format's id. */
export const factsReaders: Readonly<Partial<Record<string, FactsReader>>> = {
  elf: readElfFacts,
  "mach-o": readMachFacts,
  pe: readPeFacts,
};

/** Formats whose members may be programs, whether or not one could be read. */
export const MACHINE_CODE: ReadonlySet<string> = new Set([...Object.keys(factsReaders), "dos-program"]);
