/**
 * A list of digests that has its signature in a file of its own: `SHA256SUMS` with `SHA256SUMS.gpg`. Both are brought
 * along, and the list vouches for the artifact when the signature is over the list.
 * @module
 */

import { type ByteSource, readExactly } from "@sallyport/core";
import type { BroughtFile } from "../brought.ts";
import type { Finding } from "../finding.ts";
import type { VerifyContext } from "./scheme.ts";
import { findInSignedList, isDigestList, type ListAnswer } from "./signed-list.ts";

/** Those of big distributions have some hundred kilobytes. */
const MAX_LIST_BYTES = 8 * 1024 * 1024;

/** The files among those brought that are such lists from their first line to their last. */
export async function findBroughtLists(files: readonly BroughtFile[]): Promise<BroughtFile[]> {
  const lists: BroughtFile[] = [];
  for (const file of files)
    if (file.source.sizeBytes <= MAX_LIST_BYTES && isDigestList(await readText(file))) lists.push(file);
  return lists;
}

/** Whether the list has the artifact. */
export const findInBroughtList = async (
  list: BroughtFile,
  source: ByteSource,
  { brought, budget }: VerifyContext,
): Promise<ListAnswer> => findInSignedList(await readText(list), source, { label: brought.label, budget });

/** Whoever brings a list expects it to count; one that nobody signed says nothing. */
export const unsignedList = ({ name }: BroughtFile): Finding => ({
  check: "integrity",
  outcome: "unknown",
  because: `${name} was brought along, and no signature by a key that is known here is over it`,
  facts: { file: name },
});

const readText = async ({ name, source }: BroughtFile): Promise<string> =>
  (await readExactly(source, 0, source.sizeBytes, name)).toString("utf8");
