/** `admit FILE`: a person's exception, bound to the content's hash, receipted, ended by date. @module */

import { type Decision, UsageError } from "@sallyport/core";
import type { Exception } from "@sallyport/gate";
import type { Command } from "commander";
import { addBroughtOptions, type BroughtOptions, readBrought } from "../brought.ts";
import { exitCodeOf } from "../exit-codes.ts";
import { type Home, openHome } from "../home.ts";
import { type Input, singleInput } from "../inputs.ts";
import { decideOn, type Judging, open } from "../judge.ts";
import {
  addOpeningOptions,
  addPolicyOptions,
  collected,
  type OpeningOptions,
  openingLimits,
  readText,
  readUntil,
} from "../options.ts";
import { decisionOf } from "../persons-word.ts";
import { type PolicyOptions, policyWith } from "../policy.ts";
import { rememberArtifact, rememberMembers } from "../remember.ts";
import { printable } from "../render/text.ts";
import { renderVerdict, screenOf } from "../render/verdict.ts";
import { verdictDocument } from "../render/verdict-json.ts";
import type { Terminal } from "../terminal.ts";
import type { Finish } from "./command.ts";

interface AdmitOptions extends BroughtOptions, OpeningOptions, PolicyOptions {
  readonly owner?: string;
  readonly reason?: string;
  readonly until?: string;
  readonly override: readonly string[];
  readonly list?: boolean;
  readonly end?: string;
  readonly json?: boolean;
}

export function addAdmit(program: Command, terminal: Terminal, finish: Finish): void {
  const command = program
    .command("admit")
    .summary("a person's exception for one file, by its content, until a day")
    .argument("[file]", "the file to admit")
    .option("--owner <name>", "who answers for it")
    .option("--reason <text>", "why")
    .option("--until <day>", "last day it counts, for example 2027-01-31")
    .option("--override <policy>", "a refusing policy to override, by id; repeatable", collected, [])
    .option("--list", "list all exceptions")
    .option("--end <id>", "end an exception now")
    .option("--json", "print one JSON document and nothing else on stdout");
  addPolicyOptions(addOpeningOptions(addBroughtOptions(command))).action(
    (file: string | undefined, options: AdmitOptions) => finish(() => admit(file, options, terminal)),
  );
}

async function admit(file: string | undefined, options: AdmitOptions, terminal: Terminal): Promise<number> {
  if (options.list === true) return withHome(terminal, (home) => list(home, options, terminal));
  if (options.end !== undefined) return withHome(terminal, (home) => end(home, options.end ?? "", terminal));
  const { owner, reason, until } = options;
  if (file === undefined || owner === undefined || reason === undefined || until === undefined)
    throw new UsageError("usage.flag", "admit needs FILE, --owner NAME, --reason TEXT and --until DAY");
  const input = await singleInput(file);
  const exception: Exception = {
    owner: readText("--owner", owner),
    reason: readText("--reason", reason),
    until: readUntil(until).toISOString(),
    overrides: options.override,
  };
  return withHome(terminal, (home) => make({ input, exception, home, options, terminal }));
}

async function withHome(terminal: Terminal, work: (home: Home) => Promise<number>): Promise<number> {
  const home = await openHome(terminal.home);
  try {
    return await work(home);
  } finally {
    await home.close();
  }
}

interface Making {
  readonly input: Input;
  readonly exception: Exception;
  readonly home: Home;
  readonly options: AdmitOptions;
  readonly terminal: Terminal;
}

async function make({ input, exception, home, options, terminal }: Making): Promise<number> {
  if (new Date(exception.until) <= home.clock.now())
    throw new UsageError("usage.value", `--until ${options.until}: lies in the past; give a day to come`);
  const policy = await policyWith(options);
  const known = new Set(policy.policies.filter(({ verdict }) => verdict === "refuse").map(({ id }) => id));
  for (const id of exception.overrides)
    if (!known.has(id))
      throw new UsageError(
        "usage.value",
        `--override ${id}: no refusing policy has this id; expected one of ${[...known].join(", ")}`,
      );
  const judging: Judging = {
    ...openingLimits(options),
    ...(await readBrought(options)),
    policy: async () => policy,
    expectedHash: undefined,
    published: undefined,
    signers: [],
    exception,
  };
  const opened = await open(input, home, judging);
  const { opening } = opened;
  const decision = await decideOn(opened, input, home, judging);
  requireEffect(decision);
  // The log first: what is in force and not in it, nobody could find again.
  const receipt = await home.ledger.record(decision);
  await home.store.addException(
    {
      ...exception,
      sha256: opening.artifact.root.sha256,
      label: input.label,
      until: new Date(exception.until),
    },
    home.clock.now(),
  );
  await rememberMembers(opening.artifact, decision, home);
  await rememberArtifact(input, opening.artifact, { home, said: judging.origin });
  const judgement = { artifact: opening.artifact, decision, receipt };
  terminal.out(
    options.json === true
      ? `${JSON.stringify(verdictDocument(judgement), null, 2)}\n`
      : renderVerdict(judgement, screenOf(terminal)),
  );
  return exitCodeOf(decision.verdict);
}

/**
 * An exception that does not admit is not made: somebody would believe in it. The first of the two that let a fix in before
 * its time does not admit by itself, and is made.
 */
function requireEffect({ verdict, reasons }: Decision): void {
  if (verdict === "admit") return;
  if (reasons.every(({ policy }) => policy === "cooling-off")) return;
  const standing = reasons.map(({ policy, because }) => `  ${policy}: ${printable(because)}`).join("\n");
  const refusing = reasons
    .filter((reason) => reason.verdict === "refuse")
    .map(({ policy }) => `--override ${policy}`);
  const advice =
    refusing.length > 0
      ? `If you take that on, name each: ${refusing.join(" ")}`
      : "These policies allow no exception.";
  throw new UsageError(
    "usage.value",
    `no exception was made; these policies still stand:\n${standing}\n${advice}`,
  );
}

async function list(home: Home, { json }: AdmitOptions, terminal: Terminal): Promise<number> {
  const exceptions = await home.store.listExceptions();
  if (json === true) {
    terminal.out(`${JSON.stringify({ schema: "sallyport.exceptions/1", exceptions }, null, 2)}\n`);
    return 0;
  }
  const now = home.clock.now();
  if (exceptions.length === 0) terminal.out("no exceptions were ever made\n");
  for (const { id, label, sha256, owner, reason, until, endedAt, overrides } of exceptions) {
    const state =
      endedAt !== undefined ? "ended" : until > now ? `until ${until.toISOString().slice(0, 10)}` : "over";
    const over = overrides.length > 0 ? `, overrides ${overrides.join(", ")}` : "";
    terminal.out(
      `${id}  ${state}  ${printable(label)}  sha256:${sha256}\n    ${printable(`${owner}: ${reason}${over}`)}\n`,
    );
  }
  return 0;
}

async function end(home: Home, id: string, terminal: Terminal): Promise<number> {
  const now = home.clock.now();
  const exception = (await home.store.listExceptions()).find((one) => one.id === id);
  const ended = await home.store.endException(id, now);
  if (exception === undefined || ended === 0)
    throw new UsageError(
      "usage.value",
      `--end ${id}: no exception in force has this id; admit --list shows them`,
    );
  const { sha256, label, owner } = exception;
  const subject = { kind: "artifact", id: `sha256:${sha256}`, label } as const;
  const because = `the exception that ${owner} made was ended`;
  await home.ledger.record(decisionOf({ subject, verdict: "hold", because, facts: { exception: id } }, now));
  terminal.out(`ended ${id}\n`);
  return 0;
}
