/**
 * What an installer database says it installs and runs. Source: Windows Installer SDK, "File Table", "Component Table",
 * "Directory Table", "Media Table", "CustomAction Table", "ServiceInstall Table", "Property Table".
 * All of it is the file's own claim.
 * @module
 */

import { ArtifactError, type Identifier, type IdentifierKind, type JsonObject } from "@sallyport/core";
import type { Identity } from "../../artifact.ts";
import type { Cell, InstallerDatabase } from "./database.ts";

/** Folders inside folders; Windows paths end well before. */
const MAXIMUM_FOLDER_DEPTH = 64;
/** Rows shown in facts. */
const SHOWN_ROWS = 50;

export interface Cabinet {
  /** A stream of the database, or a file beside it. */
  readonly name: string;
  readonly isEmbedded: boolean;
}

/** Product, company and version by the Property table. */
export async function readIdentity(database: InstallerDatabase): Promise<Identity> {
  const names = { ProductName: "product", Manufacturer: "company", ProductVersion: "version" } as const;
  const identity: { product?: string; company?: string; version?: string } = {};
  for (const { Property, Value } of await database.rows("Property")) {
    if (Property !== "ProductName" && Property !== "Manufacturer" && Property !== "ProductVersion") continue;
    if (typeof Value === "string") identity[names[Property]] = Value;
  }
  return identity;
}

/** The codes by which Windows knows the product and its other versions. Source: "ProductCode Property", "UpgradeCode Property". */
export async function readCodes(database: InstallerDatabase): Promise<Identifier[]> {
  const identifiers: Identifier[] = [];
  for (const { Property, Value } of await database.rows("Property")) {
    const kind = typeof Property === "string" ? CODES.get(Property) : undefined;
    if (kind !== undefined && typeof Value === "string" && GUID.test(Value))
      identifiers.push({ kind, value: Value.toUpperCase() });
  }
  return identifiers;
}

const CODES: ReadonlyMap<string, IdentifierKind> = new Map([
  ["ProductCode", "product-code"],
  ["UpgradeCode", "upgrade-code"],
]);
const GUID = /^\{[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}\}$/i;

/** The cabinets of the Media table. "Media Table": a name with `#` before it is a stream of the database. */
export async function readCabinets(database: InstallerDatabase): Promise<readonly Cabinet[]> {
  const cabinets = new Map<string, Cabinet>();
  for (const { Cabinet: name } of await database.rows("Media")) {
    if (typeof name !== "string" || name === "") continue;
    const isEmbedded = name.startsWith("#");
    cabinets.set(name, { name: isEmbedded ? name.slice(1) : name, isEmbedded });
  }
  return [...cabinets.values()];
}

/**
 * Long paths of files by their keys, which is what the cabinets call them.
 * @param maxHeldBytes - what all paths may take up
 * @throws {@link ArtifactError} `artifact.over-limit`
 */
export async function readFileNames(
  database: InstallerDatabase,
  maxHeldBytes: number,
): Promise<ReadonlyMap<string, string>> {
  const folders = await readFolders(database);
  const folderOfComponent = new Map<Cell, Cell>();
  for (const { Component, Directory_ } of await database.rows("Component")) {
    if (Component !== undefined) folderOfComponent.set(Component, Directory_ ?? null);
  }
  const names = new Map<string, string>();
  let heldBytes = 0;
  for (const { File, FileName, Component_ } of await database.rows("File")) {
    if (typeof File !== "string" || typeof FileName !== "string") continue;
    const folder = pathOf(folderOfComponent.get(Component_ ?? null), folders);
    const name = [...folder, longName(FileName)].join("/");
    heldBytes += name.length * 2;
    if (heldBytes > maxHeldBytes) {
      throw new ArtifactError("artifact.over-limit", "MSI: its file names are longer than may be held");
    }
    names.set(File, name);
  }
  return names;
}

interface Folder {
  readonly parent: Cell;
  readonly name: string;
}

async function readFolders(database: InstallerDatabase): Promise<ReadonlyMap<Cell, Folder>> {
  const folders = new Map<Cell, Folder>();
  for (const { Directory, Directory_Parent, DefaultDir } of await database.rows("Directory")) {
    if (typeof Directory !== "string" || typeof DefaultDir !== "string") continue;
    // "Directory Table": target before the colon, source behind it.
    folders.set(Directory, {
      parent: Directory_Parent ?? null,
      name: longName(DefaultDir.split(":", 1)[0] ?? ""),
    });
  }
  return folders;
}

/** Folder names from the top; the root itself, which is where the user says, is left out. */
function pathOf(start: Cell | undefined, folders: ReadonlyMap<Cell, Folder>): string[] {
  const path: string[] = [];
  let key = start ?? null;
  for (let depth = 0; depth < MAXIMUM_FOLDER_DEPTH; depth += 1) {
    const folder = folders.get(key);
    if (folder === undefined || folder.parent === null || folder.parent === key) break;
    if (folder.name !== ".") path.unshift(folder.name);
    key = folder.parent;
  }
  return path;
}

/** "Filename" data type: `short|long`, or one of them. */
const longName = (name: string): string => name.slice(name.indexOf("|") + 1);

/** What reviewers ask first: what runs while it installs, and what stays running. */
export async function readActions(database: InstallerDatabase): Promise<JsonObject> {
  const actions: JsonObject[] = [];
  let customActions = 0;
  for (const { Action, Type, Source, Target } of await database.rows("CustomAction")) {
    customActions += 1;
    if (actions.length >= SHOWN_ROWS) continue;
    actions.push({ action: shown(Action), type: shown(Type), source: shown(Source), target: shown(Target) });
  }
  const services: JsonObject[] = [];
  for (const { Name, StartName, Arguments } of await database.rows("ServiceInstall")) {
    if (services.length >= SHOWN_ROWS) break;
    services.push({ name: shown(Name), account: shown(StartName), arguments: shown(Arguments) });
  }
  return { customActions, actions, services };
}

/** Scripts stand in the Target column whole; a line of them is enough to know them by. */
const shown = (cell: Cell | undefined): string | number | null =>
  typeof cell === "string" ? cell.slice(0, 200) : (cell ?? null);
