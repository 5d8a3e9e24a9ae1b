/** `intel sync [SOURCE…]`: asks publishers for what is new. @module */

import type { DownloadProgress, Synced, WantedPart } from "@sallyport/intel";
import type { Command } from "commander";
import { EXIT } from "../../exit-codes.ts";
import { huntAfter, tellHuntAfter } from "../../hunt-after.ts";
import { withKnowledge } from "../../knowledge.ts";
import { addNetworkOptions, type NetworkOptions, withFetcher } from "../../network.ts";
import { livingLine } from "../../progress.ts";
import { huntDocument } from "../../render/hunt.ts";
import { renderSynced, syncedDocument } from "../../render/intel/synced.ts";
import { bytesText, printable, shortened } from "../../render/text.ts";
import { screenOf } from "../../render/verdict.ts";
import type { Terminal } from "../../terminal.ts";
import type { Finish } from "../command.ts";

interface SyncOptions extends NetworkOptions {
  readonly again?: boolean;
  /** False with `--no-hunt`. */
  readonly hunt: boolean;
  readonly json?: boolean;
}

export function addIntelSync(intel: Command, terminal: Terminal, finish: Finish): void {
  const command = intel
    .command("sync")
    .summary("fetch what is new; without a name everything that was fetched before or needs no choice")
    .argument("[source...]", "sources, with =PART where a part has to be named: kev osv=npm")
    .option("--again", "read what is here again, also when nothing changed")
    .option("--no-hunt", "do not ask past decisions again now")
    .option("--json", "print one JSON document and nothing else on stdout");
  addNetworkOptions(command)
    .addHelpText(
      "after",
      "\nExit codes: 0 all are here; 1 some failed, and what was here before still counts.",
    )
    .action((wanted: string[], options: SyncOptions) => finish(() => syncAll(wanted, options, terminal)));
}

async function syncAll(wanted: readonly string[], options: SyncOptions, terminal: Terminal): Promise<number> {
  const { sync } = await import("@sallyport/intel");
  const screen = screenOf(terminal);
  let progress = "asking";
  const line = livingLine(terminal, (seconds) => `${progress} · ${Math.floor(seconds)} s`);
  const onDone = (one: Synced) => {
    line.clear();
    if (options.json !== true) tell(one, terminal, renderSynced(one, screen));
  };
  const request = {
    wanted,
    again: options.again === true,
    mayBePlain: options.allowPrivateNetwork === true,
    onProgress: ({ source }: WantedPart, { bytes, files, name }: DownloadProgress) => {
      progress = `${source.id} · ${files} files · ${bytesText(bytes)} · ${shortened(printable(name), 40)}`;
      line.draw();
    },
    onDone,
  };
  const synced = await withKnowledge(terminal.home, (knowledge) =>
    withFetcher(options, terminal, (fetcher) => sync({ ...request, fetcher }, knowledge)),
  ).finally(line.clear);
  const hasNews = options.hunt && synced.some(({ outcome }) => outcome === "loaded");
  if (options.json === true) {
    const hunted = hasNews ? await huntAfter(terminal) : undefined;
    const document = {
      schema: "sallyport.intel-sync/1",
      synced: synced.map(syncedDocument),
      ...(hunted !== undefined && { hunt: huntDocument(hunted) }),
    };
    terminal.out(`${JSON.stringify(document, null, 2)}\n`);
  } else if (hasNews) await tellHuntAfter(terminal, options);
  if (synced.length === 0 && options.json !== true) terminal.out("there is nothing to fetch\n");
  const failed = synced.filter(({ outcome }) => outcome === "failed");
  if (failed.length > 1 && failed.length === synced.length)
    terminal.error(
      "sallyport: nothing could be fetched; without a network, files are brought: intel import FILE, or a bundle that another machine wrote with intel export\n",
    );
  return failed.length > 0 ? EXIT.failed : 0;
}

const tell = ({ outcome }: Synced, terminal: Terminal, text: string): void =>
  outcome === "failed" ? terminal.error(text) : terminal.out(text);
