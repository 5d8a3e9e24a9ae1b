/** `intel status`: what is known, from whom, of when, and what is not. @module */

import type { Command } from "commander";
import { withKnowledge } from "../../knowledge.ts";
import { renderStatus, statusDocument } from "../../render/intel/status.ts";
import { screenOf } from "../../render/verdict.ts";
import type { Terminal } from "../../terminal.ts";
import type { Finish } from "../command.ts";

export function addIntelStatus(intel: Command, terminal: Terminal, finish: Finish): void {
  intel
    .command("status")
    .summary("which sources are here, what they answer, how old they are")
    .option("--json", "print one JSON document and nothing else on stdout")
    .action((options: { json?: boolean }) => finish(() => status(options, terminal)));
}

async function status({ json }: { json?: boolean }, terminal: Terminal): Promise<number> {
  const { statusOf } = await import("@sallyport/intel");
  return withKnowledge(terminal.home, async (knowledge) => {
    const statuses = await statusOf(knowledge);
    terminal.out(
      json === true
        ? `${JSON.stringify(statusDocument(statuses), null, 2)}\n`
        : renderStatus(statuses, knowledge.clock.now(), screenOf(terminal)),
    );
    return 0;
  });
}
