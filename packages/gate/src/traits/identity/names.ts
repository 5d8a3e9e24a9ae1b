/** Names of files and products, without what changes from one release to the next. @module */

import { lastPart } from "../small-text.ts";

const MOST_CHARACTERS = 300;
/** Endings that say what kind of file it is. */
const ENDINGS = /\.(?:exe|dll|sys|ocx|cpl|mui|drv|node|pyd|dylib|so|bundle|scr|com|winmd)(?=\.|$)/g;

/** @returns its words in lower case, without numbers and endings; empty when nothing is left */
export const nameWords = (name = ""): string =>
  name
    .slice(0, MOST_CHARACTERS)
    .normalize("NFKC")
    .toLowerCase()
    .replace(ENDINGS, " ")
    .split(/[^\p{L}]+/u)
    .filter((word) => word !== "")
    .join(" ");

/** A file may be called after what it was built as, with a prefix, a suffix or a version. */
export function isNameOf(originalName: string, fileName: string): boolean {
  const [original, file] = [nameWords(lastPart(originalName)), nameWords(fileName)];
  return original !== "" && file !== "" && (original.includes(file) || file.includes(original));
}
