/** The command line: which commands there are, and what a wrong call is told. @module */

import { UsageError } from "@sallyport/core";
import { Command, CommanderError } from "commander";
import { type CommandName, commandNames } from "./command-names.ts";
import type { Finish } from "./commands/command.ts";
import { EXIT, exitCodeOfError, messageOf } from "./exit-codes.ts";
import { printable } from "./render/text.ts";
import type { Terminal } from "./terminal.ts";
import { version } from "./version.ts";

type AddCommand = (program: Command, terminal: Terminal, finish: Finish) => void;

/** How each is loaded. */
const commands: Readonly<Record<CommandName, () => Promise<AddCommand>>> = {
  check: async () => (await import("./commands/check.ts")).addCheck,
  diff: async () => (await import("./commands/diff.ts")).addDiff,
  inspect: async () => (await import("./commands/inspect.ts")).addInspect,
  sbom: async () => (await import("./commands/sbom.ts")).addSbom,
  admit: async () => (await import("./commands/admit.ts")).addAdmit,
  accept: async () => (await import("./commands/accept.ts")).addAccept,
  receipt: async () => (await import("./commands/receipt.ts")).addReceipt,
  twins: async () => (await import("./commands/twins.ts")).addTwins,
  policy: async () => (await import("./commands/policy.ts")).addPolicy,
  trust: async () => (await import("./commands/trust.ts")).addTrust,
  intel: async () => (await import("./commands/intel/index.ts")).addIntel,
  hunt: async () => (await import("./commands/hunt.ts")).addHunt,
  replay: async () => (await import("./commands/replay.ts")).addReplay,
};

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
    const program = await programFor(args, terminal, finish);
    await program.parseAsync([...args], { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.admit : EXIT.usage;
    terminal.error(`sallyport: ${messageOf(error).split("\n").map(printable).join("\n")}\n`);
    return exitCodeOfError(error);
  }
}

async function programFor(args: readonly string[], terminal: Terminal, finish: Finish): Promise<Command> {
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
  for (const name of namesFor(args)) (await commands[name]())(program, terminal, finish);
  inherit(program);
  return program;
}

/** A command that is called by its name needs no other to be loaded; help and a wrong name need all. */
function namesFor([first]: readonly string[]): readonly CommandName[] {
  const called = commandNames.find((name) => name === first);
  return called === undefined ? commandNames : [called];
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
