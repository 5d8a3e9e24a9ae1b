/** The files that an asar's JSON names. Source: @electron/asar README, "Format". @module */

import { ArtifactError, type Json, type JsonObject } from "@sallyport/core";
import type { OpenContext } from "../format.ts";

export type AsarEntry =
  | {
      readonly kind: "packed";
      readonly name: string;
      readonly sizeBytes: number;
      /** From the end of the header. */
      readonly offset: number;
      readonly integrity: Integrity | undefined;
      readonly isExecutable: boolean;
    }
  /** Lies beside the archive, in a folder of its own. */
  | { readonly kind: "unpacked"; readonly name: string }
  | { readonly kind: "link"; readonly name: string; readonly linkTarget: string }
  | { readonly kind: "folder"; readonly name: string };

export interface Integrity {
  /** SHA-256 of the whole file, lower-case hex. */
  readonly hash: string;
  readonly blockBytes: number;
  /** Of each block. */
  readonly blocks: readonly string[];
}

/** @throws {@link ArtifactError} `artifact.malformed` for a table that readers must take differently */
export function readEntries(json: Json, { budget }: OpenContext): AsarEntry[] {
  const entries: AsarEntry[] = [];
  const folders = [{ name: "", files: objectOf(objectOf(json, "it").files, "its files") }];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const [part, value] of Object.entries(folder.files)) {
      budget.checkTime();
      if (entries.length >= budget.limits.entries)
        refuse("more entries than may be opened", "artifact.over-limit");
      const name = folder.name === "" ? part : `${folder.name}/${part}`;
      const node = objectOf(value, name);
      entries.push(readEntry(name, part, node));
      if (node.files !== undefined) folders.push({ name, files: objectOf(node.files, name) });
    }
  }
  return entries;
}

function readEntry(name: string, part: string, node: JsonObject): AsarEntry {
  // A name with a separator is one entry for Electron and a path for whoever unpacks.
  if (part === "" || part === "." || part === ".." || /[\\/]/.test(part))
    refuse(`the impossible name “${name}”`);
  const kinds = ["files", "link", "size"].filter((key) => node[key] !== undefined);
  if (kinds.length !== 1)
    refuse(`“${name}”, which is ${kinds.length === 0 ? "nothing" : kinds.join(" and ")}`);
  if (kinds[0] === "files") return { kind: "folder", name };
  if (kinds[0] === "link") return { kind: "link", name, linkTarget: textOf(node.link, name) };
  const sizeBytes = node.size;
  if (typeof sizeBytes !== "number" || !Number.isSafeInteger(sizeBytes) || sizeBytes < 0)
    return refuse(`“${name}” with an impossible size`);
  if (node.unpacked === true) return { kind: "unpacked", name };
  const offset = textOf(node.offset, name);
  if (!/^(?:0|[1-9]\d{0,14})$/.test(offset)) refuse(`“${name}” at an impossible place`);
  return {
    kind: "packed",
    name,
    sizeBytes,
    offset: Number(offset),
    integrity: integrityOf(node.integrity, name),
    isExecutable: node.executable === true,
  };
}

function integrityOf(value: Json | undefined, name: string): Integrity | undefined {
  if (value === undefined) return undefined;
  const { algorithm, hash, blockSize, blocks } = objectOf(value, name);
  const isPlain = typeof blockSize === "number" && Number.isSafeInteger(blockSize) && blockSize > 0;
  if (algorithm !== "SHA256" || !isPlain || !Array.isArray(blocks))
    return refuse(`“${name}” with hashes of an unknown kind`);
  return {
    hash: textOf(hash, name).toLowerCase(),
    blockBytes: blockSize,
    blocks: blocks.map((block) => textOf(block, name).toLowerCase()),
  };
}

function objectOf(value: Json | undefined, name: string): JsonObject {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonObject;
  return refuse(`no table where “${name}” needs one`);
}

function textOf(value: Json | undefined, name: string): string {
  return typeof value === "string" ? value : refuse(`no text where “${name}” needs one`);
}

function refuse(
  what: string,
  code: "artifact.malformed" | "artifact.over-limit" = "artifact.malformed",
): never {
  throw new ArtifactError(code, `asar: the table of its files has ${what}`);
}
