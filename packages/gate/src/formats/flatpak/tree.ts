/** Puts the tree of files together from a commit and its folders. Source: OSTree, ostree-core.h: OSTREE_TREE_GVARIANT_FORMAT. @module */

import { createHash } from "node:crypto";
import { ArtifactError } from "@sallyport/core";
import type { OpenContext } from "../format.ts";
import { BYTES, readArray, readText, readTuple, refuse, TEXT, UINT64, WIDE } from "./gvariant.ts";
import type { DeltaObject } from "./part.ts";
import { COMMIT, type Superblock, TREE } from "./superblock.ts";

/** `(a{sv}aya(say)sstayay)`: the last but one names the root folder. */
const COMMIT_FIELDS = [WIDE, BYTES, BYTES, TEXT, TEXT, UINT64, BYTES, BYTES];
/** `(a(say)a(sayay))`. */
const TREE_FIELDS = [BYTES, BYTES];
const DEEPEST = 256;

interface Folder {
  readonly name: string;
  readonly checksum: string;
  readonly depth: number;
}

/** @returns under which names each file stands, by its checksum */
export async function nameFiles(
  tables: AsyncIterable<DeltaObject>,
  { commit, commitChecksum }: Superblock,
  context: OpenContext,
): Promise<Map<string, string[]>> {
  if (createHash("sha256").update(commit).digest("hex") !== commitChecksum)
    refuse("has another commit than it says");
  const trees = new Map<string, Buffer>();
  let heldBytes = 0;
  for await (const { kind, checksum, bytes, isHonest } of tables) {
    if (kind !== TREE && kind !== COMMIT) continue;
    if (!isHonest) refuse("has a folder that is not the one it names");
    heldBytes += bytes.length;
    if (heldBytes > context.maxHeldBytes / 4)
      throw new ArtifactError("artifact.over-limit", "flatpak: too many folders");
    if (kind === TREE) trees.set(checksum, Buffer.from(bytes));
  }
  const root = readTuple(commit, COMMIT_FIELDS)[6]?.toString("hex") ?? "";
  return walk(root, trees, context);
}

function walk(
  root: string,
  trees: ReadonlyMap<string, Buffer>,
  { budget }: OpenContext,
): Map<string, string[]> {
  const names = new Map<string, string[]>();
  const folders: Folder[] = [{ name: "", checksum: root, depth: 0 }];
  let count = 0;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    budget.checkTime();
    // Folders may share folders, so that a few make very many.
    count += 1;
    const tree = trees.get(folder.checksum);
    if (tree === undefined || folder.depth > DEEPEST) return refuse("names a folder that is not there");
    const [files, inner] = readTuple(tree, TREE_FIELDS).map((list) => readArray(list, 1));
    for (const file of files ?? []) {
      const [text, checksum] = readTuple(file, [TEXT, BYTES]);
      count += 1;
      if (count > budget.limits.entries)
        throw new ArtifactError("artifact.over-limit", "flatpak: too many files");
      add(names, checksum?.toString("hex") ?? "", join(folder.name, text));
    }
    for (const one of inner ?? []) {
      const [text, checksum] = readTuple(one, [TEXT, BYTES, BYTES]);
      folders.push({
        name: join(folder.name, text),
        checksum: checksum?.toString("hex") ?? "",
        depth: folder.depth + 1,
      });
      if (folders.length > budget.limits.entries)
        throw new ArtifactError("artifact.over-limit", "flatpak: too many folders");
    }
  }
  return names;
}

function add(names: Map<string, string[]>, checksum: string, name: string): void {
  const known = names.get(checksum);
  if (known === undefined) names.set(checksum, [name]);
  else known.push(name);
}

function join(folder: string, text: Buffer | undefined): string {
  const part = readText(text ?? Buffer.alloc(0));
  if (part === "" || part === "." || part === ".." || part.includes("/")) refuse("has an impossible name");
  return folder === "" ? part : `${folder}/${part}`;
}
