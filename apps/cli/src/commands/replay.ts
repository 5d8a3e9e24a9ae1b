/** `replay 3cx`: the case Sallyport was built against, with harmless files built on the spot. @module */

import type { Command } from "commander";
import type { Terminal } from "../terminal.ts";
import type { Finish } from "./command.ts";

export function addReplay(program: Command, terminal: Terminal, finish: Finish): void {
  program
    .command("replay")
    .summary("show the product at work on a harmless replica of a real case")
    .command("3cx")
    .summary("a trusted vendor ships a validly signed release with text hidden in a library it bundles")
    .option("--keep <folder>", "keep the files that were built")
    .action((options: { keep?: string }) =>
      finish(async () => {
        const { replayThreeCx } = await import("../replay/three-cx.ts");
        return replayThreeCx(options, terminal);
      }),
    );
}
