/** `intel forget SOURCE`: takes away what a source, or a part of it, said. @module */

import { UsageError } from "@sallyport/core";
import type { Command } from "commander";
import { withKnowledge } from "../../knowledge.ts";
import { printable } from "../../render/text.ts";
import type { Terminal } from "../../terminal.ts";
import type { Finish } from "../command.ts";

export function addIntelForget(intel: Command, terminal: Terminal, finish: Finish): void {
  intel
    .command("forget")
    .summary("take away what a source said, and fetch it no more")
    .argument("<source>", "a source, with =PART for a part of it: osv=npm")
    .action((name: string) => finish(() => forgetSource(name, terminal)));
}

async function forgetSource(name: string, terminal: Terminal): Promise<number> {
  const { forget } = await import("@sallyport/intel");
  const [id = "", ...rest] = name.split("=");
  const part = rest.length === 0 ? undefined : rest.join("=");
  return withKnowledge(terminal.home, async (knowledge) => {
    const count = await forget(id, part, knowledge);
    if (count === 0)
      throw new UsageError("usage.value", `${name}: nothing of it is here; intel status shows what is`);
    terminal.out(`forgot what ${printable(name)} said\n`);
    return 0;
  });
}
