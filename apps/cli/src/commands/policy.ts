/** `policy check [DIR]`: validate policies, with places and suggestions. @module */

import { UsageError } from "@sallyport/core";
import type { Command } from "commander";
import { EXIT } from "../exit-codes.ts";
import { policySources } from "../policy.ts";
import type { Terminal } from "../terminal.ts";
import type { Finish } from "./command.ts";

export function addPolicy(program: Command, terminal: Terminal, finish: Finish): void {
  program
    .command("policy")
    .summary("work on policies")
    .command("check")
    .summary("validate the default policies and those of a folder")
    .argument("[folder]", "folder of .cedar files that you add")
    .option("--json", "print one JSON document and nothing else on stdout")
    .action((folder: string | undefined, options: { json?: boolean }) =>
      finish(() => checkPolicyFolder(folder, options, terminal)),
    );
}

async function checkPolicyFolder(
  folder: string | undefined,
  { json }: { json?: boolean },
  terminal: Terminal,
): Promise<number> {
  const [{ checkPolicies, loadPolicies, problemLine }, { vocabulary }] = await Promise.all([
    import("@sallyport/core"),
    import("@sallyport/gate"),
  ]);
  const sources = await policySources(folder === undefined ? [] : [folder]);
  const problems = await checkPolicies(sources, vocabulary());
  if (json === true)
    terminal.out(`${JSON.stringify({ schema: "sallyport.policy-check/1", problems }, null, 2)}\n`);
  if (problems.length > 0) {
    if (json === true) return EXIT.usage;
    throw new UsageError("usage.policy", problems.map(problemLine).join("\n"));
  }
  if (json !== true) {
    const { policies } = await loadPolicies(sources, { vocabulary: vocabulary(), withoutDefaults: [] });
    for (const { id, verdict, because } of policies)
      terminal.out(`${verdict.padEnd(6)}  ${id}: ${because}\n`);
    terminal.out(`\n${policies.length} policies in ${sources.length} files, no problems\n`);
  }
  return 0;
}
