/** `twins forget|export|import`: a person's word about what is remembered, each in the log. @module */

import { type Subject, UsageError } from "@sallyport/core";
import type { Forgetting, KnownFile } from "@sallyport/gate";
import type { Command } from "commander";
import { type Home, openHome } from "../home.ts";
import { readText } from "../options.ts";
import { decisionOf } from "../persons-word.ts";
import { naming, readPublicKey } from "../public-key.ts";
import { readBounded } from "../read-bounded.ts";
import { printable } from "../render/text.ts";
import type { Terminal } from "../terminal.ts";
import { requireWritableTarget, writeWhole } from "../write-file.ts";
import type { Finish } from "./command.ts";

interface PersonOptions {
  readonly owner?: string;
  readonly reason?: string;
}
interface ForgetOptions extends PersonOptions {
  readonly source?: string;
  readonly all?: boolean;
}
interface ImportOptions extends PersonOptions {
  readonly key?: string;
}

export function addMemoryCommands(twins: Command, terminal: Terminal, finish: Finish): void {
  twins
    .command("forget")
    .summary("forget a file, everything that was in an artifact, what a key's owner told, or all")
    .argument("[sha256]", "sha256: of the file or artifact")
    .option("--source <id>", "everything that was imported under this key's id; see twins FILE --json")
    .option("--all", "everything")
    .option("--owner <name>", "who answers for it")
    .option("--reason <text>", "why")
    .action((hash: string | undefined, options: ForgetOptions) =>
      finish(() => withHome(terminal, (home) => forget(hash, options, { home, terminal }))),
    );
  twins
    .command("export")
    .summary("write what was remembered here as one sealed file, for another machine")
    .argument("<out>", "the file to write")
    .action((out: string) => finish(() => withHome(terminal, (home) => exportTo(out, { home, terminal }))));
  twins
    .command("import")
    .summary("take over what another machine remembers, when its key is trusted")
    .argument("<file>", "what twins export wrote there")
    .option("--key <file>", "public key of that machine, as a file or as text; there: receipt key")
    .option("--owner <name>", "who answers for it")
    .option("--reason <text>", "why")
    .action((file: string, options: ImportOptions) =>
      finish(() => withHome(terminal, (home) => importFrom(file, options, { home, terminal }))),
    );
}

interface Work {
  readonly home: Home;
  readonly terminal: Terminal;
}

async function withHome(terminal: Terminal, work: (home: Home) => Promise<number>): Promise<number> {
  const home = await openHome(terminal.home);
  try {
    return await work(home);
  } finally {
    await home.close();
  }
}

async function forget(
  hash: string | undefined,
  options: ForgetOptions,
  { home, terminal }: Work,
): Promise<number> {
  const { source, all } = options;
  if ([hash, source, all].filter((given) => given !== undefined).length !== 1)
    throw new UsageError("usage.flag", "twins forget needs sha256:HEX, --source ID or --all, one of them");
  const person = personOf("twins forget", options);
  const what = forgetting(hash, source);
  const shown = hash ?? (source === undefined ? "everything" : `what ${source} told`);
  // The log first: what was forgotten and is not in it, nobody could find again.
  await home.ledger.record(
    decisionOf(
      {
        subject: subjectOf(shown),
        verdict: "hold",
        because: `${person.owner} lets ${shown} be forgotten: ${person.reason}`,
        facts: { ...person, forgotten: shown },
      },
      home.clock.now(),
    ),
  );
  const { twins } = home.store;
  let count = 0;
  for (const one of what) count += await twins.forget(one);
  terminal.out(`forgot ${count} ${count === 1 ? "sighting" : "sightings"}\n`);
  return 0;
}

/** A hash may be a file's or an artifact's, and mostly is both. */
function forgetting(hash: string | undefined, source: string | undefined): readonly Forgetting[] {
  if (hash !== undefined) return [{ member: readHash(hash) }, { artifact: readHash(hash) }];
  return source === undefined ? ["everything"] : [{ source: readHex(source) }];
}

/** Seals what is remembered with this machine's key; the file itself says nothing that could be trusted without. */
async function exportTo(out: string, { home, terminal }: Work): Promise<number> {
  await requireWritableTarget(out);
  const { TWINS_TYPE, twinsDocument } = await import("@sallyport/gate");
  const files: KnownFile[] = [];
  for await (const portion of home.store.twins.all()) files.push(...portion);
  const payload = Buffer.from(JSON.stringify(twinsDocument(files)));
  await writeWhole(out, `${JSON.stringify(home.ledger.seal(TWINS_TYPE, payload))}\n`);
  terminal.out(`wrote what is remembered of ${files.length} files; the key to import it with: receipt key\n`);
  return 0;
}

async function importFrom(file: string, options: ImportOptions, { home, terminal }: Work): Promise<number> {
  if (options.key === undefined)
    throw new UsageError(
      "usage.flag",
      "twins import needs --key: the public key of the machine that wrote it",
    );
  const person = personOf("twins import", options);
  const key = await readPublicKey(options.key);
  const { MAX_TWINS_BYTES, readTwins, TWINS_TYPE } = await import("@sallyport/gate");
  const { openSeal } = await import("@sallyport/ledger");
  const envelope = parse(file, await readBounded(file, MAX_TWINS_BYTES * 2));
  const files = naming(file, () => {
    const opened = openSeal(envelope, {
      payloadType: TWINS_TYPE,
      publicKeys: [key],
      maxBytes: MAX_TWINS_BYTES,
    });
    return readTwins(opened.payload, key.id);
  });
  const because = `${person.owner} takes over what ${key.origin} remembers of ${files.length} files: ${person.reason}`;
  const facts = { ...person, source: key.id, fileCount: files.length };
  const word = { subject: subjectOf(key.id), verdict: "admit", because, facts } as const;
  await home.ledger.record(decisionOf(word, home.clock.now()));
  await home.store.twins.remember(files);
  terminal.out(`took over what ${printable(key.origin)} remembers of ${files.length} files\n`);
  return 0;
}

function personOf(command: string, { owner, reason }: PersonOptions): { owner: string; reason: string } {
  if (owner === undefined || reason === undefined)
    throw new UsageError("usage.flag", `${command} needs --owner NAME and --reason TEXT`);
  return { owner: readText("--owner", owner), reason: readText("--reason", reason) };
}

const subjectOf = (id: string): Subject => ({ kind: "signer", id: `twins:${id}`, label: id });

function readHash(text: string): string {
  const digits = text.toLowerCase().replace(/^sha256:/, "");
  if (!/^[0-9a-f]{64}$/.test(digits))
    throw new UsageError("usage.value", `${text}: expected sha256: and 64 hexadecimal digits`);
  return digits;
}

function readHex(text: string): string {
  if (!/^[0-9a-f]{64}$/i.test(text))
    throw new UsageError("usage.value", `--source ${text}: expected the id of a key, 64 hexadecimal digits`);
  return text.toLowerCase();
}

function parse(file: string, bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch (cause) {
    throw new UsageError("usage.file", `${file}: is not JSON; give what twins export wrote`, { cause });
  }
}
