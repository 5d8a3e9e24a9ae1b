/** `intel import FILE…`: what was brought is read as if it had been fetched. @module */

import { stat } from "node:fs/promises";
import { UsageError } from "@sallyport/core";
import type { Command } from "commander";
import { requireReadableFile } from "../../inputs.ts";
import { withKnowledge } from "../../knowledge.ts";
import { loadedDocument, renderLoaded } from "../../render/intel/loaded.ts";
import { screenOf } from "../../render/verdict.ts";
import type { Terminal } from "../../terminal.ts";
import type { Finish } from "../command.ts";

interface ImportOptions {
  readonly source?: string;
  readonly as?: string;
  readonly json?: boolean;
}

export function addIntelImport(intel: Command, terminal: Terminal, finish: Finish): void {
  intel
    .command("import")
    .summary("read files of a source that were brought by hand")
    .argument("<file...>", "files of a source, or folders")
    .option("--source <id>", "whose they are; otherwise told by their content")
    .option("--as <part>", "which part of the source the file stands for, for example npm")
    .option("--json", "print one JSON document and nothing else on stdout")
    .action((files: string[], options: ImportOptions) => finish(() => importAll(files, options, terminal)));
}

async function importAll(
  files: readonly string[],
  { source, as: part, json }: ImportOptions,
  terminal: Terminal,
): Promise<number> {
  for (const file of files) await requireFileOrFolder(file);
  const { importFiles } = await import("@sallyport/intel");
  return withKnowledge(terminal.home, async (knowledge) => {
    const options = { ...(source !== undefined && { source }), ...(part !== undefined && { part }) };
    const imported = await importFiles(files, options, knowledge);
    terminal.out(
      json === true
        ? `${JSON.stringify({ schema: "sallyport.intel-import/1", imported: imported.map(loadedDocument) }, null, 2)}\n`
        : imported.map((one) => renderLoaded(one, screenOf(terminal))).join(""),
    );
    return 0;
  });
}

/** @throws UsageError `usage.file` */
async function requireFileOrFolder(path: string): Promise<void> {
  if (path === "") throw new UsageError("usage.file", "an empty path was given; give a file");
  const status = await stat(path).catch(() => undefined);
  if (status?.isDirectory() !== true) await requireReadableFile(path);
}
