/** `intel export FILE`: everything that is here, in one sealed file for machines without a network. @module */

import { randomUUID } from "node:crypto";
import { rename, rm } from "node:fs/promises";
import type { Command } from "commander";
import { openHome } from "../../home.ts";
import { withKnowledge } from "../../knowledge.ts";
import { bytesText, printable } from "../../render/text.ts";
import type { Terminal } from "../../terminal.ts";
import { requireWritableTarget } from "../../write-file.ts";
import type { Finish } from "../command.ts";

export function addIntelExport(intel: Command, terminal: Terminal, finish: Finish): void {
  intel
    .command("export")
    .summary("write all that is here into one sealed file, for machines without a network")
    .argument("<file>", "file to write")
    .option("--json", "print one JSON document and nothing else on stdout")
    .action((file: string, options: { json?: boolean }) => finish(() => exportTo(file, options, terminal)));
}

async function exportTo(file: string, { json }: { json?: boolean }, terminal: Terminal): Promise<number> {
  await requireWritableTarget(file);
  const { BUNDLE_TYPE, writeBundle } = await import("@sallyport/intel");
  const home = await openHome(terminal.home);
  const draft = `${file}.${randomUUID()}.new`;
  try {
    const seal = (payload: Uint8Array) => home.ledger.seal(BUNDLE_TYPE, payload);
    const exported = await withKnowledge(terminal.home, (knowledge) => writeBundle(draft, seal, knowledge));
    await rename(draft, file);
    const { snapshots, leftOut, files, sizeBytes } = exported;
    for (const { id } of leftOut)
      terminal.error(
        `sallyport: ${printable(id)}: is not in it, because its files are gone; fetch it again\n`,
      );
    const ids = snapshots.map(({ id }) => id);
    terminal.out(
      json === true
        ? `${JSON.stringify({ schema: "sallyport.intel-export/1", snapshots: ids, leftOut: leftOut.map(({ id }) => id), files, sizeBytes }, null, 2)}\n`
        : `wrote ${ids.length} snapshots, ${files} files, ${bytesText(sizeBytes)}; the key to import it with: receipt key\n`,
    );
    return 0;
  } finally {
    await rm(draft, { force: true });
    await home.close();
  }
}
