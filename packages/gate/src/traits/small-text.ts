/** Texts that a trait reads whole: descriptions, scripts. @module */

import { ArtifactError, type ByteSource, type Json } from "@sallyport/core";

/**
 * @param mostBytes - a longer member is not read
 * @returns undefined when it is longer, empty, or holds zero bytes: then it is no text
 */
export async function readSmallText(source: ByteSource, mostBytes: number): Promise<string | undefined> {
  if (source.sizeBytes === 0 || source.sizeBytes > mostBytes) return undefined;
  const bytes = Buffer.from(await source.read(0, source.sizeBytes));
  return bytes.includes(0) ? undefined : bytes.toString("utf8");
}

/** No description that a tool acts on is longer. */
const MOST_DESCRIPTION_BYTES = 8 * 1024 * 1024;

/**
 * A text that tools act on whatever its length: what is too long to be read may say anything.
 * @throws {@link ArtifactError} `artifact.over-limit` when it is longer than any that is honest
 */
export async function readDescription(source: ByteSource): Promise<string | undefined> {
  if (source.sizeBytes > MOST_DESCRIPTION_BYTES)
    throw new ArtifactError("artifact.over-limit", "is a description that is too long to be read");
  return readSmallText(source, MOST_DESCRIPTION_BYTES);
}

/** The last part of a member's path, as shown. */
export const lastPart = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** Path of the folder around it; empty at the top. */
export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")));

/** Names for a sentence, the first few of many. */
export function listShortly(names: readonly string[], most = 5): string {
  const shown = names.slice(0, most).map((name) => (name.length > 80 ? `${name.slice(0, 79)}…` : name));
  const more = names.length - shown.length;
  if (more > 0) return `${shown.join(", ")} and ${more} more`;
  return shown.length < 2 ? (shown[0] ?? "") : `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
}

/**
 * A description as the tools read it that act on it: of a name that comes twice the last counts. Elsewhere such a text
 * is refused; here what will happen is asked.
 * @returns undefined when it is no JSON
 */
export function parseAsNpm(text: string): Json | undefined {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ""));
  } catch {
    return undefined;
  }
}
