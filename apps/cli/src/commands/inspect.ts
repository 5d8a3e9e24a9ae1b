/** `inspect FILE`: what is inside, and who signed what. Judges nothing and records nothing. @module */

import { join } from "node:path";
import { DEFAULT_LIMITS, silentLog, systemClock } from "@sallyport/core";
import type { Opening } from "@sallyport/gate";
import type { Command } from "commander";
import { addBroughtOptions, type BroughtOptions, readBrought } from "../brought.ts";
import { EXIT } from "../exit-codes.ts";
import { makeHome } from "../home.ts";
import { naming, singleInput } from "../inputs.ts";
import { addOpeningOptions, type OpeningOptions, openingLimits } from "../options.ts";
import { progressLine } from "../progress.ts";
import { inspectionDocument, renderInspection } from "../render/inspection.ts";
import { screenOf } from "../render/verdict.ts";
import { addRulesOption, type RulesOptions, readRules } from "../rules.ts";
import type { Terminal } from "../terminal.ts";
import type { Finish } from "./command.ts";

interface InspectOptions extends BroughtOptions, OpeningOptions, RulesOptions {
  readonly json?: boolean;
}

export function addInspect(program: Command, terminal: Terminal, finish: Finish): void {
  const command = program
    .command("inspect")
    .summary("what is inside, and who signed what")
    .argument("<file>", "the file to open")
    .option("--json", "print one JSON document and nothing else on stdout");
  addRulesOption(addOpeningOptions(addBroughtOptions(command))).action(
    (file: string, options: InspectOptions) => finish(() => inspect(file, options, terminal)),
  );
}

async function inspect(file: string, options: InspectOptions, terminal: Terminal): Promise<number> {
  const input = await singleInput(file);
  const { trust, brought } = await readBrought(options);
  const { limits, maxMemoryBytes } = openingLimits(options);
  makeHome(terminal.home);
  const rulePacks = await readRules(options, terminal.home, maxMemoryBytes);
  const { openArtifact } = await import("@sallyport/gate");
  const progress = progressLine(input.label, terminal);
  let opening: Opening;
  try {
    opening = await openArtifact({
      path: input.path,
      label: input.label,
      limits: { ...DEFAULT_LIMITS, ...limits },
      maxMemoryBytes,
      // In the home, though nothing else there is touched: what a killed run leaves is removed by the next.
      scratchRoot: join(terminal.home, "scratch"),
      trust,
      brought,
      rulePacks,
      now: systemClock.now(),
      onProgress: progress.show,
      log: silentLog,
    });
  } catch (error) {
    throw naming(input.path, error);
  } finally {
    progress.clear();
  }
  terminal.out(
    options.json === true
      ? `${JSON.stringify(inspectionDocument(opening), null, 2)}\n`
      : renderInspection(opening, screenOf(terminal)),
  );
  return EXIT.admit;
}
