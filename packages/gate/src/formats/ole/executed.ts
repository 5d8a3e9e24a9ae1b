/**
 * What an installer, a patch or a transform has run, and what it leaves to be started. Sources: Windows Installer SDK,
 * "CustomAction Table", "ServiceInstall Table", "Registry Table", "Embedded Transforms"; Autoruns' documented start
 * places, MITRE ATT&CK T1547.001. All of it is the file's own claim.
 * @module
 */

import { createHash } from "node:crypto";
import { ArtifactError, type ByteSource } from "@sallyport/core";
import { type CompoundFile, openCompoundFile } from "./compound-file.ts";
import { type Cell, openDatabase, type Row } from "./database.ts";
import { decodeStreamName } from "./stream-name.ts";
import { readTransform } from "./transform.ts";

export interface Executed {
  /** Sorted by name. */
  readonly actions: readonly Action[];
  readonly services: readonly Service[];
  readonly starts: readonly Start[];
  /** Names of its Binary table, sorted. */
  readonly binaries: readonly string[];
  /** Kept inside, by name. */
  readonly transforms: readonly EmbeddedTransform[];
  /** SHA-256 of the rows that are more than are kept. */
  readonly rest?: string;
}

export interface Action {
  readonly name: string;
  readonly type: number;
  readonly source: string;
  readonly target: string;
}

export interface Service {
  readonly name: string;
  /** Empty for the system itself. */
  readonly account: string;
  readonly arguments: string;
}

export interface Start {
  readonly key: string;
  readonly name: string;
  readonly value: string;
}

export interface EmbeddedTransform {
  readonly name: string;
  readonly tables: readonly string[];
  /** Undefined when its rows cannot be read. */
  readonly actions?: readonly Action[];
}

const MOST_ROWS = 500;
const MOST_TRANSFORMS = 50;
const SHOWN_CHARACTERS = 400;

/** @throws {@link ArtifactError} when it is none, or is damaged */
export async function readExecuted(source: ByteSource, maxHeldBytes: number): Promise<Executed> {
  const file = await openCompoundFile(source, maxHeldBytes);
  const { transforms, own } = await readTransforms(file);
  const rest = createHash("sha256");
  let restRows = 0;
  const bounded = <Item>(items: Item[], keyOf: (item: Item) => string): Item[] => {
    const sorted = items.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
    for (const item of sorted.slice(MOST_ROWS)) {
      rest.update(JSON.stringify(item));
      restRows += 1;
    }
    return sorted.slice(0, MOST_ROWS);
  };
  const rows = await databaseRows(file);
  const actions = bounded([...rows.actions, ...own], ({ name }) => name);
  const services = bounded(rows.services, ({ name }) => name);
  const starts = bounded(rows.starts, ({ key, name }) => `${key}\\${name}`);
  const binaries = bounded(rows.binaries, (name) => name);
  return {
    actions,
    services,
    starts,
    binaries,
    transforms: bounded(transforms, ({ name }) => name),
    ...(restRows > 0 ? { rest: rest.digest("hex") } : {}),
  };
}

async function databaseRows(file: CompoundFile): Promise<{
  actions: Action[];
  services: Service[];
  starts: Start[];
  binaries: string[];
}> {
  const database = await openTables(file);
  if (database === undefined) return { actions: [], services: [], starts: [], binaries: [] };
  const rows = async (table: string): Promise<readonly Row[]> => [...(await database.rows(table))];
  const start = ({ Key, Name, Value }: Row): Start => ({
    key: text(Key),
    name: text(Name),
    value: text(Value),
  });
  return {
    actions: (await rows("CustomAction")).map(toAction),
    services: (await rows("ServiceInstall")).map(({ Name, StartName, Arguments }) => ({
      name: text(Name),
      account: text(StartName),
      arguments: text(Arguments),
    })),
    starts: (await rows("Registry")).map(start).filter(({ key }) => STARTING.test(key)),
    binaries: (await rows("Binary")).map(({ Name }) => text(Name)),
  };
}

/** A transform that stands alone has strings as a database has them, and no tables that can be read so. */
async function openTables(file: CompoundFile): ReturnType<typeof openDatabase> {
  if (isTransform(file)) return undefined;
  return openDatabase(file);
}

/** {000C1082-0000-0000-C000-000000000046}. */
const isTransform = (file: CompoundFile): boolean =>
  file.directory.root.entry.classId.toString("hex") === "82100c0000000000c000000000000046";

async function readTransforms(
  file: CompoundFile,
): Promise<{ readonly transforms: EmbeddedTransform[]; readonly own: readonly Action[] }> {
  const { root } = file.directory;
  const alone = isTransform(file) ? await readTransform(file, root) : undefined;
  const own = ((await alone?.rows("CustomAction")) ?? []).map(toAction);
  const transforms: EmbeddedTransform[] = [];
  for (const node of root.children) {
    if (node.entry.kind !== "storage" || transforms.length >= MOST_TRANSFORMS) continue;
    const name = decodeStreamName(node.entry.name).slice(0, 100);
    const transform = await readTransform(file, node).catch((error: unknown) => {
      // The rest is worth comparing all the same; that it is damaged is said where it is opened.
      if (error instanceof ArtifactError) return undefined;
      throw error;
    });
    const rows = await transform?.rows("CustomAction");
    transforms.push({
      name,
      tables: [...(transform?.tables ?? [])].sort().slice(0, 100),
      ...(rows === undefined ? {} : { actions: rows.slice(0, MOST_ROWS).map(toAction) }),
    });
  }
  return { transforms, own };
}

const STARTING =
  /\\(?:Run(?:Once(?:Ex)?|Services(?:Once)?)?|Image File Execution Options\\[^\\]{1,200}|Winlogon(?:\\[^\\]{1,100})?|AppCertDlls|Windows|Active Setup\\Installed Components\\[^\\]{1,100}|ShellServiceObjectDelayLoad|Lsa|Print\\Monitors\\[^\\]{1,100})$/i;

const toAction = ({ Action: name, Type, Source, Target }: Row): Action => ({
  name: text(name),
  type: typeof Type === "number" ? Type & 0xffff : 0,
  source: text(Source),
  target: text(Target),
});

/** A long text is known by its beginning and its digest. */
function text(cell: Cell | undefined): string {
  const whole = cell === undefined || cell === null ? "" : String(cell);
  if (whole.length <= SHOWN_CHARACTERS) return whole;
  const digest = createHash("sha256").update(whole).digest("hex").slice(0, 16);
  return `${whole.slice(0, SHOWN_CHARACTERS)}… [${whole.length} characters, ${digest}]`;
}
