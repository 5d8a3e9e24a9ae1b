/**
 * A signed text that vouches for a file by its digest. It must be a list of digests and nothing else: signed texts of
 * other kinds name digests too, and an advisory names those of malware.
 * Sources: GNU coreutils manual, sha2 utilities; cksum(1) of BSD; deb822(5), "Checksums-Sha256" of dsc(5), deb-changes(5).
 * @module
 */

import { createHash } from "node:crypto";
import { ArtifactError, type Budget, type ByteSource, visitPieces } from "@sallyport/core";
import { readChecksumList } from "../checks/published-hash/checksum-list.ts";
import { baseName, hexEntry, type PublishedEntry } from "../checks/published-hash/entry.ts";
import { readStanza } from "./apt/stanza.ts";

export interface ListAnswer {
  readonly isListed: boolean;
  readonly because: string;
  /** The name the list gives the file. */
  readonly listedAs?: string;
}

/** @param label - the name the artifact came under */
export async function findInSignedList(
  text: string,
  source: ByteSource,
  { label, budget }: { readonly label: string; readonly budget: Budget },
): Promise<ListAnswer> {
  const entries = readList(text)?.filter(({ algorithm }) => STRONG.has(algorithm));
  if (entries === undefined) return no("it is over another text, which is no list of digests");
  if (entries.length === 0) return no("the list that was signed has no digests but such as can be forged");
  const digests = await digestFile(source, budget);
  const same = entries.filter(({ hex }) => digests.has(hex));
  const name = baseName(label);
  // Another file of the list under this name is not what the list calls so.
  const isOther = entries.some(isNamed(name)) && !same.some(isNamed(name));
  const [first] = same;
  if (first === undefined || isOther)
    return no(
      isOther
        ? `the list that was signed has other bytes under the name ${name}`
        : "the list that was signed does not have the file",
    );
  const listedAs = same.some((entry) => entry.name === name) ? name : shown(first.name ?? "");
  return { isListed: true, because: `the list that was signed has the file as ${listedAs}`, listedAs };
}

const isNamed = (name: string) => {
  const plain = plainName(name);
  return (entry: PublishedEntry): boolean => entry.name !== undefined && plainName(entry.name) === plain;
};

/** What a person takes for the same name: in other letters, as a URL writes it, or as the second one in a folder. */
const plainName = (name: string): string =>
  name
    .replaceAll("%20", " ")
    .replace(/ ?\([0-9]{1,3}\)(?=$|\.)/, "")
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[ .]{1,100}$/, "");

const STRONG: ReadonlySet<string> = new Set(["sha256", "sha384", "sha512"]);

/** Whether a text is a list of digests from its first line to its last; comments may stand between. */
export const isDigestList = (text: string): boolean => readDigestLines(text) !== undefined;

const readList = (text: string): readonly PublishedEntry[] | undefined =>
  readDigestLines(text) ?? readControlFile(text);

function readDigestLines(text: string): readonly PublishedEntry[] | undefined {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "" && !line.startsWith("#"));
  const entries = readChecksumList(lines.join("\n"));
  return entries.length > 0 && entries.length === lines.length ? entries : undefined;
}

/** What a Debian developer signs: the files of a source package, or of an upload. */
function readControlFile(text: string): PublishedEntry[] | undefined {
  try {
    const list = readStanza(text).get("checksums-sha256");
    return list?.split("\n").flatMap((line) => {
      const [hex = "", , name = ""] = line.trim().split(/ +/);
      return hexEntry(name, hex, "sha256") ?? [];
    });
  } catch (error) {
    if (error instanceof ArtifactError) return undefined;
    throw error;
  }
}

async function digestFile(source: ByteSource, budget: Budget): Promise<ReadonlySet<string>> {
  const hashes = ["sha256", "sha384", "sha512"].map((name) => createHash(name));
  await visitPieces(source, (bytes) => {
    budget.checkTime();
    for (const hash of hashes) hash.update(bytes);
  });
  return new Set(hashes.map((hash) => hash.digest("hex")));
}

const SHOWN_CHARACTERS = 300;

/** Somebody else's text must not draw on the reader's screen. */
export const shown = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, " ").slice(0, SHOWN_CHARACTERS);

const no = (because: string): ListAnswer => ({ isListed: false, because });
