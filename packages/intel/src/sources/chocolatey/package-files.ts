/** Files of one archive, brought together package by package: what each says it is, and what it downloads or holds. @module */

import { createHash } from "node:crypto";
import type { WitnessFact } from "../../fact.ts";
import { FeedError } from "../../feed-error.ts";
import { decodeText, documentsOf, rowOrSkip } from "../../reading/index.ts";
import type { ReadContext, SourceFile } from "../../source.ts";
import { downloadsOf, type ScriptDownload } from "./install-script.ts";
import { type Nuspec, readNuspec } from "./nuspec.ts";

const MAX_FILE_BYTES = 256 * 1024 * 1024;
const MAX_TEXT_BYTES = 1024 * 1024;
const MAX_PACKAGES = 100_000;

/** Programs and packages that lie inside of a package. */
const EMBEDDED = /\.(exe|msi|msu|msp|zip|7z|cab|appx|msix|msixbundle)$/i;
const isWanted = (name: string): boolean => /\.(nuspec|ps1)$/i.test(name) || EMBEDDED.test(name);

interface Package {
  nuspec: Nuspec | undefined;
  readonly downloads: ScriptDownload[];
}

/** @throws FeedError when it holds no package at all */
export async function* readPackages(file: SourceFile, context: ReadContext): AsyncIterable<WitnessFact> {
  const packages = new Map<string, Package>();
  const limits = { wants: isWanted, maxBytes: MAX_FILE_BYTES };
  for await (const { name, place, bytes } of documentsOf(file, context, limits)) {
    const folder = folderOf(name);
    const known = packages.get(folder) ?? { nuspec: undefined, downloads: [] };
    if (packages.set(folder, known).size > MAX_PACKAGES)
      throw new FeedError("feed.over-limit", `${file.name}: holds more than ${MAX_PACKAGES} packages`);
    rowOrSkip({ file: place }, context, () => addFile(known, { name, place, bytes }));
  }
  const complete = [...packages.values()].filter(({ nuspec }) => nuspec !== undefined);
  if (complete.length === 0) throw FeedError.at(file.name, "holds no package that can be read");
  for (const { nuspec, downloads } of complete)
    if (nuspec !== undefined) for (const one of downloads) yield toFact(nuspec, one);
}

function addFile(
  to: Package,
  { name, place, bytes }: { name: string; place: string; bytes: Uint8Array },
): void {
  if (EMBEDDED.test(name)) {
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    to.downloads.push({ sha256, url: undefined, architecture: undefined });
    return;
  }
  if (bytes.length > MAX_TEXT_BYTES)
    throw new FeedError("feed.over-limit", `${place}: is larger than ${MAX_TEXT_BYTES} bytes`);
  if (/\.nuspec$/i.test(name)) to.nuspec = readNuspec(bytes, place);
  else to.downloads.push(...downloadsOf(scriptText(bytes, place)));
}

/** Scripts of old packages are in whatever the author's editor wrote; what is asked of them is ASCII. */
function scriptText(bytes: Uint8Array, place: string): string {
  const isWide = bytes[0] === 0xff && bytes[1] === 0xfe;
  if (isWide) return Buffer.from(bytes).toString("utf16le");
  try {
    return decodeText(bytes, place);
  } catch {
    return Buffer.from(bytes).toString("latin1");
  }
}

/** Of the package: scripts and programs lie in its `tools`. */
function folderOf(name: string): string {
  const parts = name.split("/").slice(0, -1);
  const tools = parts.findIndex((part) => part.toLowerCase() === "tools");
  return (tools === -1 ? parts : parts.slice(0, tools)).join("/");
}

function toFact(
  { id, version, title, authors }: Nuspec,
  { sha256, url, architecture }: ScriptDownload,
): WitnessFact {
  return {
    kind: "witness",
    witness: {
      sha256,
      packageId: id,
      // `7-Zip (Install)`: the brackets say how it is packaged.
      product: (title ?? id).replace(/ *\([^()]*\) *$/, "") || id,
      ...(authors !== undefined && { vendor: authors }),
      version,
      ...(architecture !== undefined && { architecture }),
      ...(url !== undefined && { url }),
    },
  };
}
