/** `sbom FILE`: a bill of materials of what is inside. Judges nothing and records nothing. @module */

import { join } from "node:path";
import { DEFAULT_LIMITS, silentLog, systemClock } from "@sallyport/core";
import type { Opening } from "@sallyport/gate";
import type { Command } from "commander";
import { EXIT } from "../exit-codes.ts";
import { makeHome } from "../home.ts";
import { naming, singleInput } from "../inputs.ts";
import { addOpeningOptions, type OpeningOptions, openingLimits } from "../options.ts";
import { progressLine } from "../progress.ts";
import { printable } from "../render/text.ts";
import type { Terminal } from "../terminal.ts";
import { version } from "../version.ts";
import { requireWritableTarget, writeWhole } from "../write-file.ts";
import type { Finish } from "./command.ts";

interface SbomOptions extends OpeningOptions {
  readonly output?: string;
}

export function addSbom(program: Command, terminal: Terminal, finish: Finish): void {
  const command = program
    .command("sbom")
    .summary("a bill of materials of what is inside (CycloneDX 1.6, JSON)")
    .argument("<file>", "the file to open")
    .option("--output <file>", "write it there instead of to stdout");
  addOpeningOptions(command).action((file: string, options: SbomOptions) =>
    finish(() => sbom(file, options, terminal)),
  );
}

/** @returns 0 also when not everything could be opened: the document and stderr say so */
async function sbom(file: string, options: SbomOptions, terminal: Terminal): Promise<number> {
  const input = await singleInput(file);
  const { output } = options;
  if (output !== undefined) await requireWritableTarget(output);
  const opening = await open(input, options, terminal);
  const { billOfMaterials, reasonsUnlisted } = await import("@sallyport/gate");
  const text = `${JSON.stringify(billOfMaterials(opening, version), null, 2)}\n`;
  for (const reason of reasonsUnlisted(opening))
    terminal.error(`sallyport: not listed: ${printable(reason)}\n`);
  if (output === undefined) terminal.out(text);
  else await writeWhole(output, text, "");
  return EXIT.admit;
}

async function open(
  input: { readonly path: string; readonly label: string },
  options: OpeningOptions,
  terminal: Terminal,
): Promise<Opening> {
  const { limits, maxMemoryBytes } = openingLimits(options);
  makeHome(terminal.home);
  const { defaultTrust, openArtifact } = await import("@sallyport/gate");
  const progress = progressLine(input.label, terminal);
  try {
    return await openArtifact({
      ...input,
      limits: { ...DEFAULT_LIMITS, ...limits },
      maxMemoryBytes,
      scratchRoot: join(terminal.home, "scratch"),
      trust: defaultTrust(),
      now: systemClock.now(),
      onProgress: progress.show,
      log: silentLog,
    });
  } catch (error) {
    throw naming(input.path, error);
  } finally {
    progress.clear();
  }
}
