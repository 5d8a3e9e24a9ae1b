/** `intel declare CORE`: when a product ends, as a sealed declaration that others can take over. @module */

import type { Json } from "@sallyport/core";
import { UsageError } from "@sallyport/core";
import type { Command } from "commander";
import { openHome } from "../../home.ts";
import { readText } from "../../options.ts";
import { naming } from "../../public-key.ts";
import { readBounded } from "../../read-bounded.ts";
import type { Terminal } from "../../terminal.ts";
import { requireWritableTarget, writeWhole } from "../../write-file.ts";
import type { Finish } from "../command.ts";

interface DeclareOptions {
  readonly vendor?: string;
  readonly product?: string;
  readonly versions?: string;
  readonly purl?: string;
  readonly cpe?: string;
  readonly replacement?: string;
  readonly url?: string;
  readonly output?: string;
}

const MAX_CORE_BYTES = 64 * 1024;

export function addIntelDeclare(intel: Command, terminal: Terminal, finish: Finish): void {
  intel
    .command("declare")
    .summary("seal an OpenEoX core for a product, so that others can take it over")
    .argument("<core>", "OpenEoX core 1.0, a JSON file")
    .option("--vendor <name>", "who makes the product, as its files say it")
    .option("--product <name>", "the product, as its files say it")
    .option("--versions <range>", "which versions: vers:generic/* for all, vers:generic/>=7|<8")
    .option("--purl <purl>", "its package URL")
    .option("--cpe <cpe>", "its CPE")
    .option("--replacement <name>", "what to use instead")
    .option("--url <url>", "where a person can read it")
    .option("--output <file>", "the file to write")
    .action((core: string, options: DeclareOptions) => finish(() => declare(core, options, terminal)));
}

async function declare(file: string, options: DeclareOptions, terminal: Terminal): Promise<number> {
  const required = (name: "vendor" | "product" | "versions" | "output"): string => {
    const given = options[name];
    if (given === undefined)
      throw new UsageError("usage.flag", "intel declare needs --vendor, --product, --versions and --output");
    return readText(`--${name}`, given);
  };
  const [vendor, product, versions, output] = [
    required("vendor"),
    required("product"),
    required("versions"),
    required("output"),
  ];
  await requireWritableTarget(output);
  const core = parse(file, await readBounded(file, MAX_CORE_BYTES));
  const { purl, cpe, replacement, url } = options;
  const statement = {
    ...{ vendor, product, versions, core },
    ...(purl !== undefined && { purl: readText("--purl", purl) }),
    ...(cpe !== undefined && { cpe: readText("--cpe", cpe) }),
    ...(replacement !== undefined && { replacement: readText("--replacement", replacement) }),
    ...(url !== undefined && { url: readText("--url", url) }),
  };
  const { FeedError, OPENEOX_TYPE, writeDeclaration } = await import("@sallyport/intel");
  const home = await openHome(terminal.home);
  try {
    const document = naming(file, () => {
      try {
        return writeDeclaration(statement, vendor, home.clock.now());
      } catch (cause) {
        if (!(cause instanceof FeedError)) throw cause;
        throw new UsageError("usage.value", cause.message, { cause });
      }
    });
    const envelope = home.ledger.seal(OPENEOX_TYPE, Buffer.from(JSON.stringify(document)));
    await writeWhole(output, `${JSON.stringify(envelope)}\n`);
    terminal.out("wrote the declaration; the key to import it with: receipt key\n");
    return 0;
  } finally {
    await home.close();
  }
}

function parse(file: string, bytes: Buffer): Json {
  try {
    return JSON.parse(bytes.toString("utf8")) as Json;
  } catch (cause) {
    throw new UsageError("usage.file", `${file}: is not JSON; give an OpenEoX core`, { cause });
  }
}
