/** Where a command writes and what it may know of its surroundings. Tests hand in their own. @module */

import { homedir } from "node:os";
import { join } from "node:path";
import type { ProxySettings } from "@sallyport/fetch";
import { EXIT } from "./exit-codes.ts";
import { proxyOf } from "./network.ts";

export interface Terminal {
  /** The result, and nothing else. */
  out(text: string): void;
  /** Progress, warnings, errors. */
  error(text: string): void;
  readonly isInteractive: boolean;
  readonly hasColour: boolean;
  readonly columns: number;
  /** What a person types to start the program. */
  readonly program: string;
  /** Folder of keys, log, accepted signers and scratch files. */
  readonly home: string;
  /** Where clamd listens, from `SALLYPORT_CLAMD`; nowhere when left out. */
  readonly clamd?: string;
  /** Through which the network is reached; none when left out. */
  readonly proxy?: ProxySettings;
}

/**
 * The process's own. A reader that goes away ends the output in silence, as pipes do; a disk that is full does not:
 * whoever reads a document from a file must not take half of one for a verdict.
 */
export function processTerminal(): Terminal {
  for (const stream of [process.stdout, process.stderr])
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE" && stream === process.stdout)
        process.stderr.write(`sallyport: the output cannot be written (${error.code}); make space\n`);
      process.exit(EXIT.failed);
    });
  const isInteractive = process.stderr.isTTY === true;
  const colourless = process.env.NO_COLOR !== undefined && process.env.NO_COLOR !== "";
  return {
    out: (text) => void process.stdout.write(text),
    error: (text) => void process.stderr.write(text),
    isInteractive,
    hasColour: process.stdout.isTTY === true && !colourless,
    columns: process.stdout.columns || 80,
    program: process.env.SALLYPORT_PROGRAM || "sallyport",
    home: process.env.SALLYPORT_HOME || defaultHome(),
    ...(process.env.SALLYPORT_CLAMD !== undefined && { clamd: process.env.SALLYPORT_CLAMD }),
    proxy: proxyOf(process.env),
  };
}

/** The platform's folder for a program's data. Source: XDG Base Directory Specification; Apple and Microsoft guidelines. */
function defaultHome(): string {
  if (process.platform === "win32")
    return join(process.env.LOCALAPPDATA ?? join(homedir(), "AppData", "Local"), "Sallyport");
  if (process.platform === "darwin") return join(homedir(), "Library", "Application Support", "Sallyport");
  return join(process.env.XDG_DATA_HOME ?? join(homedir(), ".local", "share"), "sallyport");
}
