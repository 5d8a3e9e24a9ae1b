/** `intel add …`: what the organisation knows itself. It counts before everybody else's word, and is recorded. @module */

import { OBSERVABLE_KINDS, type ObservableKind, UsageError } from "@sallyport/core";
import type { EntryFact } from "@sallyport/intel";
import type { Command } from "commander";
import { openHome } from "../../home.ts";
import { tellHuntAfter } from "../../hunt-after.ts";
import { withKnowledge } from "../../knowledge.ts";
import { collected, readText } from "../../options.ts";
import { decisionOf } from "../../persons-word.ts";
import { readBounded } from "../../read-bounded.ts";
import { printable } from "../../render/text.ts";
import type { Terminal } from "../../terminal.ts";
import type { Finish } from "../command.ts";
import { readIdentifier } from "./identifier.ts";

const MAX_KEY_BYTES = 256 * 1024;

export interface PersonOptions {
  readonly owner?: string;
  readonly reason?: string;
  readonly json?: boolean;
}

export function addIntelAdd(intel: Command, terminal: Terminal, finish: Finish): void {
  const add = intel.command("add").summary("enter what your organisation knows itself");
  for (const addTo of [addRetirement, addSupplier, addIndicator, addKey]) addTo(add, terminal, finish);
}

const addPersonOptions = (command: Command): Command =>
  command
    .option("--owner <name>", "who answers for it")
    .option("--reason <text>", "why")
    .option("--json", "print one JSON document and nothing else on stdout");

interface RetirementOptions extends PersonOptions {
  readonly vendor?: string;
  readonly release?: string;
  readonly retiredOn?: string;
  readonly endOfLife?: string;
  readonly replacement?: string;
  readonly url?: string;
  readonly identifier: readonly string[];
}

function addRetirement(add: Command, terminal: Terminal, finish: Finish): void {
  const command = add
    .command("retirement")
    .summary("a product that is retired, or whose life ends")
    .argument("<product>", "as its files call it; inspect shows it")
    .option("--vendor <name>", "who makes it, as its files say")
    .option(
      "--identifier <kind:value>",
      "purl:…, cpe:…, upgrade-code:…, bundle-id:…; repeatable",
      collected,
      [],
    )
    .option("--release <line>", "only this line of releases, for example 3.11")
    .option("--retired-on <day>", "since when nobody should install any version of it")
    .option("--end-of-life <day>", "since when there are no fixes")
    .option("--replacement <name>", "what to use instead")
    .option("--url <address>", "where a person can read it");
  addPersonOptions(command).action((product: string, options: RetirementOptions) =>
    finish(async () => {
      const { retirementFact } = await import("@sallyport/intel");
      const { owner: _, reason: __, json: ___, identifier, ...rest } = options;
      const fact = retirementFact({ ...rest, product, identifiers: identifier.map(readIdentifier) });
      return enter(fact, options, terminal);
    }),
  );
}

interface SupplierOptions extends PersonOptions {
  readonly domain: readonly string[];
  readonly coolingOffDays?: string;
}

function addSupplier(add: Command, terminal: Terminal, finish: Finish): void {
  const command = add
    .command("supplier")
    .summary("where a supplier publishes, and how long its releases wait")
    .argument("<name>", "as its signatures or files say it")
    .option("--domain <host>", "a host it publishes from; names below it count; repeatable", collected, [])
    .option("--cooling-off-days <count>", "days that a new release of it waits; 28 when left out");
  addPersonOptions(command).action((name: string, options: SupplierOptions) =>
    finish(async () => {
      const { supplierFact } = await import("@sallyport/intel");
      const { coolingOffDays: days, domain: domains } = options;
      const waits = days === undefined ? {} : { coolingOffDays: readDays(days) };
      return enter(supplierFact({ name, domains, ...waits }), options, terminal);
    }),
  );
}

interface IndicatorOptions extends PersonOptions {
  readonly kind?: string;
  readonly title?: string;
  readonly until?: string;
  readonly reference: readonly string[];
}

function addIndicator(add: Command, terminal: Terminal, finish: Finish): void {
  const command = add
    .command("indicator")
    .summary("something that was seen in an attack")
    .argument("<value>", "hash, serial number, domain, …; also as it is defanged")
    .option("--kind <kind>", `what it is, where its form does not tell: ${OBSERVABLE_KINDS.join(", ")}`)
    .option("--title <text>", "what it points to")
    .option("--until <day>", "after that it says nothing")
    .option("--reference <address>", "where a person can read it; repeatable", collected, []);
  addPersonOptions(command).action((value: string, options: IndicatorOptions) =>
    finish(async () => {
      const { formOf, indicatorFact } = await import("@sallyport/intel");
      const { title, until, reference: references } = options;
      if (title === undefined) throw new UsageError("usage.flag", "intel add indicator needs --title TEXT");
      const kind = options.kind === undefined ? formOf(value.trim()) : readKind(options.kind);
      if (kind === undefined)
        throw new UsageError(
          "usage.flag",
          `${value.slice(0, 100)}: its form does not tell what it is; say it with --kind: ${OBSERVABLE_KINDS.join(", ")}`,
        );
      const ends = until === undefined ? {} : { validUntil: until };
      return enter(indicatorFact({ kind, value, title, references, ...ends }), options, terminal);
    }),
  );
}

interface KeyOptions extends PersonOptions {
  readonly name?: string;
  readonly purpose: readonly string[];
}

function addKey(add: Command, terminal: Terminal, finish: Finish): void {
  const command = add
    .command("key")
    .summary("a public key or certificate that your organisation trusts")
    .argument("<file>", "PEM, an armoured OpenPGP key, or a minisign key")
    .option("--name <text>", "whose it is")
    .option("--purpose <text>", "what for, for example openeox or releases; repeatable", collected, []);
  addPersonOptions(command).action((file: string, options: KeyOptions) =>
    finish(async () => {
      const { trustedKeyFact } = await import("@sallyport/intel");
      const { name, purpose: purposes } = options;
      if (name === undefined) throw new UsageError("usage.flag", "intel add key needs --name TEXT");
      const text = (await readBounded(file, MAX_KEY_BYTES)).toString("utf8");
      return enter(trustedKeyFact({ name, text, purposes }), options, terminal);
    }),
  );
}

async function enter(fact: EntryFact, options: PersonOptions, terminal: Terminal): Promise<number> {
  const code = await record(fact, options, terminal);
  await tellHuntAfter(terminal, options);
  return code;
}

async function record(fact: EntryFact, options: PersonOptions, terminal: Terminal): Promise<number> {
  const person = personOf("intel add", options);
  const { entryDocument, entryText } = await import("../../render/intel/entries.ts");
  const home = await openHome(terminal.home);
  try {
    return await withKnowledge(terminal.home, async ({ base, clock }) => {
      const entry = base.organisation.add({ fact, ...person });
      const shown = entryText(entry);
      const because = `${person.owner} enters ${shown}: ${person.reason}`;
      const subject = { kind: "signer", id: `intel:${entry.id}`, label: shown } as const;
      const facts = { ...person, entry: entry.id, kind: fact.kind };
      try {
        await home.ledger.record(decisionOf({ subject, verdict: "hold", because, facts }, clock.now()));
      } catch (error) {
        // What counts and is not in the log, nobody could find again.
        base.organisation.remove(entry.id, { ...person, reason: "it could not be recorded" });
        throw error;
      }
      terminal.out(
        options.json === true
          ? `${JSON.stringify({ schema: "sallyport.intel-entry/1", entry: entryDocument(entry) }, null, 2)}\n`
          : `entered ${entry.id}: ${printable(shown)}\n`,
      );
      return 0;
    });
  } finally {
    await home.close();
  }
}

/** @throws UsageError `usage.flag` */
export function personOf(
  command: string,
  { owner, reason }: PersonOptions,
): { owner: string; reason: string } {
  if (owner === undefined || reason === undefined)
    throw new UsageError("usage.flag", `${command} needs --owner NAME and --reason TEXT`);
  return { owner: readText("--owner", owner), reason: readText("--reason", reason) };
}

function readDays(text: string): number {
  if (!/^\d{1,4}$/.test(text))
    throw new UsageError("usage.value", `--cooling-off-days ${text}: expected a whole number of days`);
  return Number(text);
}

function readKind(text: string): ObservableKind {
  const kind = OBSERVABLE_KINDS.find((one) => one === text);
  if (kind !== undefined) return kind;
  throw new UsageError("usage.value", `--kind ${text}: expected one of ${OBSERVABLE_KINDS.join(", ")}`);
}
