/** `twins FILE`: where it, and what is inside it, is known from. `twins forget|export|import`: keeps the memory. @module */

import { DEFAULT_LIMITS } from "@sallyport/core";
import type { Opening } from "@sallyport/gate";
import type { Command } from "commander";
import { addBroughtOptions, type BroughtOptions, readBrought } from "../brought.ts";
import { EXIT } from "../exit-codes.ts";
import { type Home, openHome } from "../home.ts";
import { type Input, naming, singleInput } from "../inputs.ts";
import { addOpeningOptions, type OpeningOptions, openingLimits } from "../options.ts";
import { progressLine } from "../progress.ts";
import { renderTwins, twinsOfDocument } from "../render/twins.ts";
import { screenOf } from "../render/verdict.ts";
import type { Terminal } from "../terminal.ts";
import type { Finish } from "./command.ts";
import { addMemoryCommands } from "./twins-memory.ts";

interface TwinsOptions extends BroughtOptions, OpeningOptions {
  readonly json?: boolean;
}

export function addTwins(program: Command, terminal: Terminal, finish: Finish): void {
  const command = program
    .command("twins")
    .summary("where a file, and what is inside it, is known from")
    .argument("<file>", "the file to ask about")
    .option("--json", "print one JSON document and nothing else on stdout");
  addOpeningOptions(addBroughtOptions(command)).action((file: string, options: TwinsOptions) =>
    finish(() => twins(file, options, terminal)),
  );
  addMemoryCommands(command, terminal, finish);
}

/** Judges nothing and records nothing. @returns 0, whatever is known */
async function twins(file: string, options: TwinsOptions, terminal: Terminal): Promise<number> {
  const input = await singleInput(file);
  const home = await openHome(terminal.home);
  try {
    const opening = await open(input, home, { options, terminal });
    const { explainTwins } = await import("@sallyport/gate");
    const explanation = await explainTwins(opening.artifact, opening.evidence, home.store.twins);
    terminal.out(
      options.json === true
        ? `${JSON.stringify(twinsOfDocument(opening, explanation), null, 2)}\n`
        : renderTwins(opening, explanation, screenOf(terminal)),
    );
    return EXIT.admit;
  } finally {
    await home.close();
  }
}

async function open(
  input: Input,
  home: Home,
  { options, terminal }: { options: TwinsOptions; terminal: Terminal },
): Promise<Opening> {
  const { trust, brought } = await readBrought(options);
  const { limits, maxMemoryBytes } = openingLimits(options);
  const { openArtifact } = await import("@sallyport/gate");
  const progress = progressLine(input.label, terminal);
  try {
    return await openArtifact({
      ...input,
      limits: { ...DEFAULT_LIMITS, ...limits },
      maxMemoryBytes,
      scratchRoot: home.scratchRoot,
      trust,
      brought,
      now: home.clock.now(),
      onProgress: progress.show,
      log: home.log,
    });
  } catch (error) {
    throw naming(input.path, error);
  } finally {
    progress.clear();
  }
}
