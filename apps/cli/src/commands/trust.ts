/** `trust list`: whom signatures may end at, and who is missing. @module */

import type { Command } from "commander";
import { collected } from "../options.ts";
import { printable } from "../render/text.ts";
import type { Terminal } from "../terminal.ts";
import { trustWith } from "../trust.ts";
import type { Finish } from "./command.ts";

interface TrustOptions {
  readonly trust: readonly string[];
  readonly json?: boolean;
}

export function addTrust(program: Command, terminal: Terminal, finish: Finish): void {
  program
    .command("trust")
    .summary("look at trust anchors")
    .command("list")
    .summary("list the anchors in use, and the families that are missing")
    .option("--trust <file>", "anchors to add, or the word system; repeatable", collected, [])
    .option("--json", "print one JSON document and nothing else on stdout")
    .action((options: TrustOptions) => finish(() => listTrust(options, terminal)));
}

async function listTrust({ trust: additions, json }: TrustOptions, terminal: Terminal): Promise<number> {
  const { missingFamilies } = await import("@sallyport/gate");
  const { anchors, hash, revocationLists } = await trustWith(additions);
  const shown = anchors.map(
    ({ id, family, subjectText, purposes, validUntil, distrustAfter, certificateSha256, origin }) => ({
      id,
      family,
      subject: subjectText,
      purposes,
      validUntil: validUntil.toISOString(),
      ...(distrustAfter === undefined ? {} : { distrustAfter: distrustAfter.toISOString() }),
      certificateSha256,
      origin,
    }),
  );
  if (json === true) {
    const document = {
      schema: "sallyport.trust/1",
      hash,
      anchors: shown,
      missing: missingFamilies,
      revocationLists: revocationLists.length,
    };
    terminal.out(`${JSON.stringify(document, null, 2)}\n`);
    return 0;
  }
  for (const { id, purposes, validUntil, distrustAfter, subject } of shown) {
    const end =
      distrustAfter === undefined
        ? `until ${validUntil.slice(0, 10)}`
        : `not after ${distrustAfter.slice(0, 10)}`;
    terminal.out(`${id}  ${purposes.join(" and ")}, ${end}\n    ${printable(subject)}\n`);
  }
  terminal.out(
    `\n${anchors.length} anchors, ${revocationLists.length} revocation lists, set ${hash.slice(0, 16)}\n\nMissing:\n`,
  );
  for (const { family, root, because } of missingFamilies)
    terminal.out(`${family}: ${root}\n    ${because}\n`);
  return 0;
}
