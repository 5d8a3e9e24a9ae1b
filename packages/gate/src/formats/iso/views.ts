/**
 * A disc may have several trees of names, and each reader takes one: plain ECMA-119, Rock Ridge beside it, Joliet. Honest
 * makers write them over the same files.
 * @module
 */

import type { DiscFile } from "./tree.ts";

/** @returns what a reader of one tree sees otherwise than a reader of the other; undefined when nothing */
export function compareTrees(primary: readonly DiscFile[], joliet: readonly DiscFile[]): string | undefined {
  const first = byPlace(primary);
  const second = byPlace(joliet);
  for (const [place, files] of first) {
    const others = second.get(place);
    const [file] = files;
    if (others === undefined) return `“${file?.name}” is not in its Joliet tree`;
    for (const { name, plainName } of files)
      if (!others.some((other) => isLikely(plainName, other.plainName)))
        return `“${name}” has another name in its Joliet tree: “${others[0]?.name}”`;
  }
  for (const [place, [file]] of second)
    if (!first.has(place)) return `“${file?.name}” is only in its Joliet tree`;
  return undefined;
}

/** Rock Ridge's name of a file against its plain one. @returns the first that cannot be the same name */
export const findOtherName = (files: readonly DiscFile[]): DiscFile | undefined =>
  files.find(({ name, plainName, kind, sizeBytes }) => {
    const last = name.slice(name.lastIndexOf("/") + 1);
    return (
      kind === "file" && sizeBytes > 0 && !isLikely(plainName, last) && !name.endsWith(" (resource fork)")
    );
  });

/** Empty files have no place, and links are empty for whoever does not know them. */
function byPlace(files: readonly DiscFile[]): Map<string, DiscFile[]> {
  const filled = files.filter(({ sizeBytes }) => sizeBytes > 0);
  return Map.groupBy(filled, ({ extents }) =>
    extents.map(({ offset, sizeBytes }) => `${offset}+${sizeBytes}`).join(),
  );
}

/**
 * Plain names are cut to eight and three capital letters by each maker in its own way; the first letter and the
 * beginning of the extension stay.
 */
function isLikely(plain: string, other: string): boolean {
  const [a, b] = [shape(plain), shape(other)];
  if (a.first !== b.first && isLetter(b.first)) return false;
  return a.extension === "" || b.extension === "" || a.extension === b.extension || !isLetter(b.extension);
}

function shape(name: string): { readonly first: string; readonly extension: string } {
  const upper = name.toUpperCase();
  const dot = upper.lastIndexOf(".");
  return { first: upper[0] ?? "", extension: dot > 0 ? (upper[dot + 1] ?? "") : "" };
}

const isLetter = (text: string): boolean => /^[A-Z0-9]$/.test(text);
