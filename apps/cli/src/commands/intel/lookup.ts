/** `intel lookup QUERY`: everything that is known of a hash, a CVE, a package, a domain or a name. @module */

import type { Command } from "commander";
import { withKnowledge } from "../../knowledge.ts";
import { readText } from "../../options.ts";
import { lookupDocument, renderLookup } from "../../render/intel/lookup.ts";
import { screenOf } from "../../render/verdict.ts";
import type { Terminal } from "../../terminal.ts";
import type { Finish } from "../command.ts";

export function addIntelLookup(intel: Command, terminal: Terminal, finish: Finish): void {
  intel
    .command("lookup")
    .summary("everything that is known of a hash, a CVE, a package, a domain or a product")
    .argument("<query>", "SHA-256, CVE-…, pkg:npm/lodash@4.17.20, host.example, or a name")
    .option("--json", "print one JSON document and nothing else on stdout")
    .action((query: string, options: { json?: boolean }) => finish(() => lookUp(query, options, terminal)));
}

async function lookUp(query: string, { json }: { json?: boolean }, terminal: Terminal): Promise<number> {
  const text = readText("intel lookup", query);
  return withKnowledge(terminal.home, async ({ base, clock }) => {
    const lookup = await base.lookUp(text);
    terminal.out(
      json === true
        ? `${JSON.stringify(lookupDocument(lookup), null, 2)}\n`
        : renderLookup(lookup, clock.now(), screenOf(terminal)),
    );
    return 0;
  });
}
