/** The command line: which commands there are, and what a wrong call is told. @module */

import { UsageError } from "@sallyport/core";
import { Command, CommanderError } from "commander";
import { addAccept } from "./commands/accept.ts";
import { addAdmit } from "./commands/admit.ts";
import { addCheck } from "./commands/check.ts";
import { addDiff } from "./commands/diff.ts";
import { addHunt } from "./commands/hunt.ts";
import { addInspect } from "./commands/inspect.ts";
import { addIntel } from "./commands/intel/index.ts";
import { addPolicy } from "./commands/policy.ts";
import { addReceipt } from "./commands/receipt.ts";
import { addReplay } from "./commands/replay.ts";
import { addSbom } from "./commands/sbom.ts";
import { addTrust } from "./commands/trust.ts";
import { addTwins } from "./commands/twins.ts";
import { EXIT, exitCodeOfError, messageOf } from "./exit-codes.ts";
import { printable } from "./render/text.ts";
import type { Terminal } from "./terminal.ts";
import { version } from "./version.ts";

/** Flags that may stand several times; any other twice is a mistake that would silently drop one value. */
const REPEATABLE = new Set([
  "--signer",
  "--trust",
  "--policy",
  "--without-default",
  "--override",
  "--signature",
  "--key",
  "--rules",
  "--domain",
  "--identifier",
  "--reference",
  "--purpose",
]);

/** @returns the exit code; everything that went wrong has been told on stderr */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode: number = EXIT.failed;
  const finish = async (work: () => Promise<number>): Promise<void> => {
    exitCode = await work();
  };
  try {
    refuseRepeatedFlags(args);
    await programFor(terminal, finish).parseAsync([...args], { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.admit : EXIT.usage;
    terminal.error(`sallyport: ${messageOf(error).split("\n").map(printable).join("\n")}\n`);
    return exitCodeOfError(error);
  }
}

function programFor(terminal: Terminal, finish: (work: () => Promise<number>) => Promise<void>): Command {
  const program = new Command("sallyport")
    .description("The guarded double door for everything a company lets in because it trusts somebody")
    .version(version)
    // A sub-command's flag is its own, also where its parent has one of that name.
    .enablePositionalOptions()
    .exitOverride()
    .showHelpAfterError("(--help shows what there is)")
    .showSuggestionAfterError()
    // Without the empty list that a repeatable flag begins with.
    .configureHelp({ optionDescription: ({ description }) => description })
    .configureOutput({
      writeOut: terminal.out,
      writeErr: terminal.error,
      outputError: (text, write) => write(text.replace(/^error: /, "sallyport: ")),
    });
  const add = [
    addCheck,
    addDiff,
    addInspect,
    addSbom,
    addAdmit,
    addAccept,
    addReceipt,
    addTwins,
    addPolicy,
    addTrust,
    addIntel,
    addHunt,
    addReplay,
  ];
  for (const addTo of add) addTo(program, terminal, finish);
  inherit(program);
  return program;
}

/** Sub-commands copy these settings only from a program that had them when they were made. */
function inherit(command: Command): void {
  for (const child of command.commands) {
    child.copyInheritedSettings(command);
    // Its own help says what it is for, as the list of commands does.
    if (child.description() === "") child.description(sentence(child.summary()));
    inherit(child);
  }
}

const sentence = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;

/** @throws UsageError `usage.flag` */
function refuseRepeatedFlags(args: readonly string[]): void {
  const seen = new Set<string>();
  for (const argument of args) {
    if (argument === "--") return;
    const flag = argument.startsWith("--") ? (argument.split("=")[0] ?? "") : "";
    if (seen.has(flag) && !REPEATABLE.has(flag))
      throw new UsageError("usage.flag", `${flag} stands twice; give it once`);
    if (flag !== "") seen.add(flag);
  }
}
