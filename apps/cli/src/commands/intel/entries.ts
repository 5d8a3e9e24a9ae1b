/** `intel entries` and `intel remove ID`: what the organisation entered, and taking it back. @module */

import type { Command } from "commander";
import { openHome } from "../../home.ts";
import { withKnowledge } from "../../knowledge.ts";
import { decisionOf } from "../../persons-word.ts";
import { printable } from "../../render/text.ts";
import { screenOf } from "../../render/verdict.ts";
import type { Terminal } from "../../terminal.ts";
import type { Finish } from "../command.ts";
import { type PersonOptions, personOf } from "./add.ts";

export function addIntelEntries(intel: Command, terminal: Terminal, finish: Finish): void {
  intel
    .command("entries")
    .summary("what your organisation entered, also what was taken back")
    .option("--json", "print one JSON document and nothing else on stdout")
    .action((options: { json?: boolean }) => finish(() => list(options, terminal)));
  intel
    .command("remove")
    .summary("take back what your organisation entered")
    .argument("<id>", "see intel entries")
    .option("--owner <name>", "who answers for it")
    .option("--reason <text>", "why")
    .action((id: string, options: PersonOptions) => finish(() => remove(id, options, terminal)));
}

async function list({ json }: { json?: boolean }, terminal: Terminal): Promise<number> {
  const { entryDocument, renderEntries } = await import("../../render/intel/entries.ts");
  return withKnowledge(terminal.home, async ({ base }) => {
    const entries = base.organisation.list();
    terminal.out(
      json === true
        ? `${JSON.stringify({ schema: "sallyport.intel-entries/1", entries: entries.map(entryDocument) }, null, 2)}\n`
        : renderEntries(entries, screenOf(terminal)),
    );
    return 0;
  });
}

async function remove(id: string, options: PersonOptions, terminal: Terminal): Promise<number> {
  const person = personOf("intel remove", options);
  const { entryText } = await import("../../render/intel/entries.ts");
  const home = await openHome(terminal.home);
  try {
    return await withKnowledge(terminal.home, async ({ base, clock }) => {
      const entry = base.organisation.remove(id, person);
      const shown = entryText(entry);
      const because = `${person.owner} takes back ${shown}: ${person.reason}`;
      const subject = { kind: "signer", id: `intel:${id}`, label: shown } as const;
      const facts = { ...person, entry: id, kind: entry.fact.kind };
      await home.ledger.record(decisionOf({ subject, verdict: "hold", because, facts }, clock.now()));
      terminal.out(`took back ${id}: ${printable(shown)}\n`);
      return 0;
    });
  } finally {
    await home.close();
  }
}
