/** `hunt`: asks every past decision again, with what is known today. @module */

import type { Command } from "commander";
import { EXIT, exitCodeOf } from "../exit-codes.ts";
import { openHome } from "../home.ts";
import { type HuntOptions, hunt } from "../hunt.ts";
import type { HuntResult } from "../hunt-tally.ts";
import { addPolicyOptions } from "../options.ts";
import type { PolicyOptions } from "../policy.ts";
import { livingLine } from "../progress.ts";
import { huntDocument, renderHunt } from "../render/hunt.ts";
import { screenOf } from "../render/verdict.ts";
import type { Terminal } from "../terminal.ts";
import type { Finish } from "./command.ts";

interface Options extends PolicyOptions {
  readonly json?: boolean;
}

export function addHunt(program: Command, terminal: Terminal, finish: Finish): void {
  const command = program
    .command("hunt")
    .summary("ask every past decision again, with what is known and decided today")
    .option("--json", "print one JSON document and nothing else on stdout");
  addPolicyOptions(command)
    .addHelpText(
      "after",
      "\nA verdict that became worse is recorded; a better one is proposed to you.\nExit codes: 0 nothing became worse; 10 something is held now; 20 something is refused now.",
    )
    .action((options: Options) => finish(() => huntAll(options, terminal)));
}

async function huntAll(options: Options, terminal: Terminal): Promise<number> {
  const home = await openHome(terminal.home);
  try {
    const result = await huntWithProgress(home, { ...options, worldOnly: false }, terminal);
    terminal.out(
      options.json === true
        ? `${JSON.stringify(huntDocument(result), null, 2)}\n`
        : renderHunt(result, screenOf(terminal)),
    );
    return result.worst === undefined ? EXIT.admit : exitCodeOf(result.worst);
  } finally {
    await home.close();
  }
}

/** Also after a sync. */
export async function huntWithProgress(
  home: Parameters<typeof hunt>[0],
  options: HuntOptions,
  terminal: Terminal,
): Promise<HuntResult> {
  let done = 0;
  const line = livingLine(
    terminal,
    (seconds) => `asking again · ${done} decisions · ${Math.floor(seconds)} s`,
  );
  try {
    return await hunt(home, options, (count) => {
      done = count;
      line.draw();
    });
  } finally {
    line.clear();
  }
}
