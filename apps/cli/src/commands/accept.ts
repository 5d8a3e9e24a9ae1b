/** `accept signer TEXT`: remember a signer for a product; receipted, listed, ended by date or by hand. @module */

import { type Subject, UsageError } from "@sallyport/core";
import type { Command } from "commander";
import { type Home, openHome } from "../home.ts";
import { readSigner, readText, readUntil } from "../options.ts";
import { decisionOf } from "../persons-word.ts";
import { printable } from "../render/text.ts";
import type { Terminal } from "../terminal.ts";
import type { Finish } from "./command.ts";

interface AcceptOptions {
  readonly product?: string;
  readonly owner?: string;
  readonly reason?: string;
  readonly until?: string;
  readonly list?: boolean;
  readonly end?: boolean;
  readonly json?: boolean;
}

export function addAccept(program: Command, terminal: Terminal, finish: Finish): void {
  program
    .command("accept")
    .summary("remember what a person accepted")
    .command("signer")
    .summary("remember a signer for a product")
    .argument("[text]", "common name or organisation, exact, or sha256: of the certificate")
    .option("--product <name>", "the product as it names itself; see inspect")
    .option("--owner <name>", "who answers for it")
    .option("--reason <text>", "why")
    .option("--until <day>", "last day it counts; without an end when left out")
    .option("--list", "list all accepted signers")
    .option("--end", "end the acceptance of this signer now, for one --product or for all")
    .option("--json", "print one JSON document and nothing else on stdout")
    .action((text: string | undefined, options: AcceptOptions) =>
      finish(() => accept(text, options, terminal)),
    );
}

async function accept(text: string | undefined, options: AcceptOptions, terminal: Terminal): Promise<number> {
  const home = await openHome(terminal.home);
  try {
    if (options.list === true) return await list(home, options, terminal);
    if (text === undefined)
      throw new UsageError(
        "usage.flag",
        "accept signer needs TEXT: the signer's name, or sha256: of its certificate",
      );
    return options.end === true
      ? await end(home, text, options.product, terminal)
      : await remember(home, text, { options, terminal });
  } finally {
    await home.close();
  }
}

async function remember(
  home: Home,
  text: string,
  { options, terminal }: { options: AcceptOptions; terminal: Terminal },
): Promise<number> {
  const { product, owner, reason, until } = options;
  if (product === undefined || owner === undefined || reason === undefined)
    throw new UsageError("usage.flag", "accept signer needs --product NAME, --owner NAME and --reason TEXT");
  const acceptance = {
    signer: readSigner("signer", text),
    product: readText("--product", product),
    owner: readText("--owner", owner),
    reason: readText("--reason", reason),
    until: until === undefined ? undefined : readUntil(until),
  };
  const now = home.clock.now();
  if (acceptance.until !== undefined && acceptance.until <= now)
    throw new UsageError("usage.value", `--until ${until}: lies in the past; give a day to come`);
  const because = `${acceptance.owner} accepts ${acceptance.signer} for ${acceptance.product}: ${acceptance.reason}`;
  const word = {
    subject: subjectOf(acceptance.signer),
    verdict: "admit",
    because,
    facts: factsOf(acceptance),
  } as const;
  // The log first: what is in force and not in it, nobody could find again.
  const receipt = await home.ledger.record(decisionOf(word, now));
  const stored = await home.store.acceptSigner(acceptance, now);
  terminal.out(
    options.json === true
      ? `${JSON.stringify({ schema: "sallyport.acceptance/1", acceptance: stored, receipt }, null, 2)}\n`
      : `accepted ${printable(acceptance.signer)} for ${printable(acceptance.product)}; recorded as entry ${receipt.log.index}\n`,
  );
  return 0;
}

const factsOf = (acceptance: {
  product: string;
  owner: string;
  reason: string;
  until: Date | undefined;
}) => ({
  product: acceptance.product,
  owner: acceptance.owner,
  reason: acceptance.reason,
  until: acceptance.until?.toISOString() ?? null,
});

const subjectOf = (signer: string): Subject => ({ kind: "signer", id: `signer:${signer}`, label: signer });

async function list(home: Home, { json }: AcceptOptions, terminal: Terminal): Promise<number> {
  const signers = await home.store.listSigners();
  if (json === true) {
    terminal.out(`${JSON.stringify({ schema: "sallyport.acceptances/1", signers }, null, 2)}\n`);
    return 0;
  }
  const now = home.clock.now();
  if (signers.length === 0) terminal.out("no signer was ever accepted\n");
  for (const { signer, product, owner, reason, until, endedAt } of signers) {
    const isOver = endedAt !== undefined || (until !== undefined && until <= now);
    const state = isOver
      ? "over"
      : until === undefined
        ? "in force"
        : `until ${until.toISOString().slice(0, 10)}`;
    terminal.out(
      `${state}  ${printable(`${signer} for ${product ?? "any product"}`)}\n    ${printable(`${owner}: ${reason}`)}\n`,
    );
  }
  return 0;
}

async function end(
  home: Home,
  text: string,
  product: string | undefined,
  terminal: Terminal,
): Promise<number> {
  const now = home.clock.now();
  const products = await home.store.endSigner(text, product, now);
  if (products.length === 0)
    throw new UsageError(
      "usage.value",
      `${text}: no acceptance in force names this signer${product === undefined ? "" : ` for ${product}`}; accept signer --list shows them`,
    );
  const because = `the acceptance of ${text} for ${products.join(", ")} was ended`;
  const word = { subject: subjectOf(text), verdict: "hold", because, facts: { products } } as const;
  await home.ledger.record(decisionOf(word, now));
  terminal.out(`ended the acceptance of ${printable(text)} for ${printable(products.join(", "))}\n`);
  return 0;
}
