/** `receipt verify|show|latest FILE`: offline proof of what was decided. @module */

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { join } from "node:path";
import { UsageError } from "@sallyport/core";
import type { PublicKey, Statement } from "@sallyport/ledger";
import type { Command } from "commander";
import { makeHome } from "../home.ts";
import { requireReadableFile } from "../inputs.ts";
import { collected } from "../options.ts";
import { naming, readPublicKey } from "../public-key.ts";
import { readBounded } from "../read-bounded.ts";
import { printable } from "../render/text.ts";
import type { Terminal } from "../terminal.ts";
import type { Finish } from "./command.ts";
import { printLatest } from "./receipt-latest.ts";

interface VerifyOptions {
  readonly artifact?: string;
  readonly key: readonly string[];
  readonly json?: boolean;
}

export function addReceipt(program: Command, terminal: Terminal, finish: Finish): void {
  const receipt = program.command("receipt").summary("verify or show a receipt, offline");
  receipt
    .command("verify")
    .summary("prove that a decision was made, and for which file")
    .argument("<file>", "the receipt, or a verdict document that holds it")
    .option("--artifact <file>", "the file it must speak of")
    .option("--key <file>", "public key of whoever decided, as a file or as text; repeatable", collected, [])
    .option("--json", "print one JSON document and nothing else on stdout")
    .action((file: string, options: VerifyOptions) => finish(() => verify(file, options, terminal)));
  receipt
    .command("show")
    .summary("show what a receipt says, without believing it")
    .argument("<file>", "the receipt, or a verdict document that holds it")
    .option("--json", "print one JSON document and nothing else on stdout")
    .action((file: string, options: { json?: boolean }) => finish(() => show(file, options, terminal)));
  receipt
    .command("latest")
    .summary("print the receipt of the last decision about a file, as hunt may have made it")
    .argument("<file>", "the file, or its SHA-256")
    .action((file: string) => finish(() => printLatest(file, sha256Of, terminal)));
  receipt
    .command("key")
    .summary("print this machine's public key, for others to verify with")
    .action(() => finish(() => printKey(terminal)));
}

async function verify(file: string, options: VerifyOptions, terminal: Terminal): Promise<number> {
  const { verifyReceipt } = await import("@sallyport/ledger");
  const { receipt, stated } = await readReceipt(file);
  const isOwnKey = options.key.length === 0;
  const publicKeys = isOwnKey ? [await ownKey(terminal)] : await Promise.all(options.key.map(readPublicKey));
  const artifactSha256 = options.artifact === undefined ? undefined : await sha256Of(options.artifact);
  const {
    key: _,
    index,
    treeSize,
    ...verified
  } = naming(file, () =>
    verifyReceipt(receipt, { publicKeys, ...(artifactSha256 === undefined ? {} : { artifactSha256 }) }),
  );
  if (stated !== undefined && stated !== verified.verdict)
    throw new UsageError(
      "usage.receipt",
      `${file}: the document says ${printable(stated)}, and the receipt in it says ${verified.verdict}; the document was changed`,
    );
  const verifiedWith = isOwnKey ? "verified with this machine's own key" : "verified with the key given";
  const compared =
    artifactSha256 === undefined
      ? "no --artifact was given, so no file was compared"
      : "the file is the one it speaks of";
  if (options.json === true) {
    const place = { index: String(index), treeSize: String(treeSize) };
    const document = {
      schema: "sallyport.receipt-verification/1",
      verifiedWith,
      compared,
      ...place,
      ...verified,
    };
    terminal.out(`${JSON.stringify(document, null, 2)}\n`);
  } else {
    terminal.out(`The receipt holds: ${verifiedWith}; ${compared}.\n${statementText(verified)}`);
    terminal.out(`Entry ${index} of ${treeSize} in ${printable(verified.origin)}\n`);
  }
  return 0;
}

async function show(file: string, { json }: { json?: boolean }, terminal: Terminal): Promise<number> {
  const { describeReceipt } = await import("@sallyport/ledger");
  const receipt = await readReceipt(file);
  const { index, ...said } = naming(file, () => describeReceipt(receipt.receipt));
  if (json === true) {
    const document = {
      schema: "sallyport.receipt-content/1",
      verified: false,
      index: String(index),
      ...said,
    };
    terminal.out(`${JSON.stringify(document, null, 2)}\n`);
  } else terminal.out(`Not verified: this is only what the receipt says.\n${statementText(said)}`);
  return 0;
}

async function printKey(terminal: Terminal): Promise<number> {
  const { publicKeyPem, verifierKeyOf } = await import("@sallyport/ledger");
  const key = await ownKey(terminal);
  terminal.out(publicKeyPem(key));
  terminal.error(`as a verifier key: ${verifierKeyOf(key)}\n`);
  return 0;
}

function statementText(statement: Statement): string {
  return `${Object.entries(statement)
    .filter(([, value]) => typeof value === "string" || value instanceof Date)
    .map(
      ([name, value]) =>
        `  ${name}: ${printable(value instanceof Date ? value.toISOString() : String(value))}`,
    )
    .join("\n")}\n`;
}

/** Takes a verdict document as well, because that is what people keep. */
async function readReceipt(file: string): Promise<{ receipt: unknown; stated: string | undefined }> {
  const { MAX_RECEIPT_BYTES } = await import("@sallyport/ledger");
  const text = (await readBounded(file, MAX_RECEIPT_BYTES)).toString("utf8");
  try {
    const document: unknown = JSON.parse(text);
    return isVerdict(document)
      ? { receipt: document.receipt, stated: String(document.verdict) }
      : { receipt: document, stated: undefined };
  } catch (cause) {
    throw new UsageError(
      "usage.receipt",
      `${file}: is not JSON, so it is no receipt; give what check --receipt or --json wrote`,
      { cause },
    );
  }
}

const isVerdict = (document: unknown): document is { readonly receipt: unknown; readonly verdict: unknown } =>
  typeof document === "object" &&
  document !== null &&
  "receipt" in document &&
  "verdict" in document &&
  "schema" in document &&
  document.schema === "sallyport.verdict/1";

async function ownKey(terminal: Terminal): Promise<PublicKey> {
  const { openLedger } = await import("@sallyport/ledger");
  const { silentLog, systemClock } = await import("@sallyport/core");
  makeHome(terminal.home);
  const ledger = await openLedger({
    folder: join(terminal.home, "ledger"),
    clock: systemClock,
    log: silentLog,
  });
  ledger.close();
  return ledger.publicKey;
}

async function sha256Of(path: string): Promise<string> {
  await requireReadableFile(path);
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) hash.update(chunk);
  return hash.digest("hex");
}
