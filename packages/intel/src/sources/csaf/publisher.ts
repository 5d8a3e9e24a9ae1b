/** Whose documents a provider hands on: its own, or another's. Source: OASIS CSAF 2.0, §7.1.8, §7.2.4. @module */

import { isJsonObject, memberAt, parseJson, readBytes } from "../../reading/index.ts";
import type { ReadContext, SourceFile } from "../../source.ts";
import { MAX_FEED_BYTES } from "./provider.ts";

/** @returns who a provider says it is in its metadata; undefined for documents that were brought without it */
export async function providerName(
  files: readonly SourceFile[],
  context: ReadContext,
): Promise<string | undefined> {
  const file = files.find(({ name }) => /(^|\/)provider-metadata\.json$/i.test(name));
  if (file === undefined) return undefined;
  const metadata = parseJson(await readBytes(file, context, MAX_FEED_BYTES), file.name);
  const name = isJsonObject(metadata) ? memberAt(metadata, "publisher", "name") : undefined;
  return typeof name === "string" && name.trim() !== "" ? name.trim().slice(0, 400) : undefined;
}

/**
 * Somebody can hand on what another is said to have written: then it is not known to be that other's word. A maker is often called a
 * little otherwise in its documents, `Example Software` and `Example PSIRT`: the first word tells.
 */
export const authorAs = (publisher: string, provider: string | undefined): string =>
  provider === undefined || firstWord(publisher) === firstWord(provider)
    ? publisher
    : `${publisher} (as ${provider} hands it on)`;

const firstWord = (text: string): string | undefined => /[\p{L}\p{N}]+/u.exec(text.toLowerCase())?.[0];
