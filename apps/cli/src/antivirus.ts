/** The flag for an antivirus that is asked about every file inside. @module */

import type { Antivirus } from "@sallyport/gate";
import type { Command } from "commander";
import type { Terminal } from "./terminal.ts";

export interface AntivirusOptions {
  readonly antivirus?: string;
}

/** clamd looks at no larger file unless it is told to, and does not say so. Source: clamd.conf(5), MaxFileSize. */
const MAX_BYTES = 100 * 1024 * 1024;

export const addAntivirusOption = (command: Command): Command =>
  command.option(
    "--antivirus <address>",
    "clamd, to be asked about every file inside: the path of its socket, or host:port",
  );

/** @throws UsageError `usage.value` */
export async function readAntivirus(
  { antivirus }: AntivirusOptions,
  { clamd }: Pick<Terminal, "clamd">,
): Promise<Antivirus | undefined> {
  const text = antivirus ?? clamd;
  if (text === undefined || text === "") return undefined;
  const { readClamdAddress } = await import("@sallyport/gate");
  const from = antivirus === undefined ? "SALLYPORT_CLAMD" : "--antivirus";
  return { address: readClamdAddress(text, from), maxBytes: MAX_BYTES };
}
