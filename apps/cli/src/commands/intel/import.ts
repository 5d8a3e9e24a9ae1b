/** `intel import FILE…`: what was brought is read as if it had been fetched. @module */

import { open, stat } from "node:fs/promises";
import { UsageError } from "@sallyport/core";
import type { Command } from "commander";
import { EXIT } from "../../exit-codes.ts";
import { tellHuntAfter } from "../../hunt-after.ts";
import { requireReadableFile } from "../../inputs.ts";
import { withKnowledge } from "../../knowledge.ts";
import { collected } from "../../options.ts";
import { naming, readPublicKey } from "../../public-key.ts";
import { loadedDocument, renderLoaded } from "../../render/intel/loaded.ts";
import { renderSynced, syncedDocument } from "../../render/intel/synced.ts";
import { printable } from "../../render/text.ts";
import { screenOf } from "../../render/verdict.ts";
import type { Terminal } from "../../terminal.ts";
import type { Finish } from "../command.ts";

const HEAD_BYTES = 512;
const MAX_MANIFEST_BYTES = 128 * 1024 * 1024;

interface ImportOptions {
  readonly source?: string;
  readonly as?: string;
  readonly key: readonly string[];
  readonly json?: boolean;
}

export function addIntelImport(intel: Command, terminal: Terminal, finish: Finish): void {
  intel
    .command("import")
    .summary("read files of a source that were brought by hand")
    .argument("<file...>", "files of a source, or folders")
    .option("--source <id>", "whose they are; otherwise told by their content")
    .option("--as <part>", "which part of the source the file stands for, for example npm")
    .option(
      "--key <key>",
      "public key of who sealed it, a bundle or a declaration: a file, or name+hash+base64; repeatable",
      collected,
      [],
    )
    .option("--json", "print one JSON document and nothing else on stdout")
    .action((files: string[], options: ImportOptions) => finish(() => importAll(files, options, terminal)));
}

async function importAll(
  files: readonly string[],
  options: ImportOptions,
  terminal: Terminal,
): Promise<number> {
  for (const file of files) await requireFileOrFolder(file);
  const bundle = await bundleAmong(files);
  const code = await (bundle === undefined
    ? importOwn(files, options, terminal)
    : importBundle(bundle, options, terminal));
  await tellHuntAfter(terminal, options);
  return code;
}

async function importOwn(
  files: readonly string[],
  { source, as: part, json, key }: ImportOptions,
  terminal: Terminal,
): Promise<number> {
  const keys = key.length === 0 ? [] : await trustedKeys(key, files);
  const { importFiles } = await import("@sallyport/intel");
  return withKnowledge(
    terminal.home,
    async (knowledge) => {
      const onUnknown = (path: string) =>
        terminal.error(`sallyport: ${printable(path)}: left out, because no source knows files like it\n`);
      const given = {
        ...(source !== undefined && { source }),
        ...(part !== undefined && { part }),
        onUnknown,
      };
      const imported = await importFiles(files, given, knowledge);
      terminal.out(
        json === true
          ? `${JSON.stringify({ schema: "sallyport.intel-import/1", imported: imported.map(loadedDocument) }, null, 2)}\n`
          : imported.map((one) => renderLoaded(one, screenOf(terminal))).join(""),
      );
      return 0;
    },
    keys,
  );
}

/** @returns PEM @throws UsageError `usage.flag` when nothing that is given is sealed */
async function trustedKeys(given: readonly string[], files: readonly string[]): Promise<readonly string[]> {
  const { sources } = await import("@sallyport/intel");
  const { publicKeyPem } = await import("@sallyport/ledger");
  const sealed = sources.find(({ id }) => id === "openeox");
  const heads = await Promise.all(files.map(headOf));
  if (!files.some((file, index) => sealed?.recognises?.(file, heads[index] ?? Buffer.alloc(0)) === true))
    throw new UsageError(
      "usage.flag",
      "--key goes with a bundle of intel export, or with a sealed declaration",
    );
  return (await Promise.all(given.map(readPublicKey))).map(publicKeyPem);
}

/** @throws UsageError `usage.flag` when it is one of several */
async function bundleAmong(files: readonly string[]): Promise<string | undefined> {
  const { isBundle } = await import("@sallyport/intel");
  const heads = await Promise.all(files.map(headOf));
  const bundle = files.find((_, index) => isBundle(heads[index] ?? Buffer.alloc(0)));
  if (bundle !== undefined && files.length > 1)
    throw new UsageError("usage.flag", `${bundle}: is a bundle of intel export; give it alone`);
  return bundle;
}

async function headOf(path: string): Promise<Buffer> {
  if ((await stat(path)).isDirectory()) return Buffer.alloc(0);
  const file = await open(path);
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    return head.subarray(0, (await file.read(head, 0, HEAD_BYTES, 0)).bytesRead);
  } finally {
    await file.close();
  }
}

async function importBundle(path: string, options: ImportOptions, terminal: Terminal): Promise<number> {
  if (options.key.length === 0)
    throw new UsageError(
      "usage.flag",
      `${path}: a bundle needs --key: the public key of the machine that exported it (receipt key prints it)`,
    );
  const publicKeys = await Promise.all(options.key.map(readPublicKey));
  const { BUNDLE_TYPE, readBundle } = await import("@sallyport/intel");
  const { openSeal } = await import("@sallyport/ledger");
  const unseal = (envelope: unknown) =>
    naming(path, () => {
      const seal = { payloadType: BUNDLE_TYPE, publicKeys, maxBytes: MAX_MANIFEST_BYTES };
      return openSeal(envelope, seal).payload;
    });
  const { parts, unknown } = await withKnowledge(terminal.home, (knowledge) =>
    readBundle(path, unseal, knowledge),
  );
  if (options.json === true) {
    const document = { schema: "sallyport.intel-bundle-import/1", parts: parts.map(syncedDocument), unknown };
    terminal.out(`${JSON.stringify(document, null, 2)}\n`);
  } else {
    terminal.out(parts.map((one) => renderSynced(one, screenOf(terminal))).join(""));
    for (const id of unknown)
      terminal.error(`sallyport: ${printable(id)}: this version knows no such source; update it\n`);
  }
  return parts.some(({ outcome }) => outcome === "failed") ? EXIT.failed : 0;
}

/** @throws UsageError `usage.file` */
async function requireFileOrFolder(path: string): Promise<void> {
  if (path === "") throw new UsageError("usage.file", "an empty path was given; give a file");
  const status = await stat(path).catch(() => undefined);
  if (status?.isDirectory() !== true) await requireReadableFile(path);
}
