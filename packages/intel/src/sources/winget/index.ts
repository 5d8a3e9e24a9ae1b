/** winget's community repository: which installers its validation downloaded, and which bytes they were. @module */

import { createHash } from "node:crypto";
import { UsageError } from "@sallyport/core";
import type { WitnessFact } from "../../fact.ts";
import { FeedError } from "../../feed-error.ts";
import { documentsOf, rowOrSkip } from "../../reading/index.ts";
import type { Download, IntelSource, ReadContext, SourceFile } from "../../source.ts";
import { archiveDate, entriesInHead } from "../../witnesses/archive-head.ts";
import { readManifest } from "./manifest.ts";
import { Packages } from "./packages.ts";
import { isIndex, manifestsIn } from "./source-index.ts";

const MAX_MANIFEST_BYTES = 1024 * 1024;
const MAX_INDEX_BYTES = 256 * 1024 * 1024;
const MAX_VERSIONS = 200;
const CACHE = "https://cdn.winget.microsoft.com/cache";
/** winget-cli, schemas/JSON/manifests: PackageIdentifier. */
const PACKAGE_ID = /^[^.\s\\/:*?"<>|\p{Cc}]{1,32}(\.[^.\s\\/:*?"<>|\p{Cc}]{1,32}){1,7}$/u;

export const winget: IntelSource = {
  id: "winget",
  title: "winget community repository",
  answers: ["witness"],
  document: "microsoft/winget-cli, schemas/JSON/manifests v1.x, Microsoft/Schema/1_x",
  licence: "MIT",
  authority: "public",
  staleAfterDays: 30,
  onBadRow: "skip",
  choice: {
    title: "a package",
    example: "7zip.7zip",
    downloads(chosen) {
      if (!PACKAGE_ID.test(chosen))
        throw new UsageError("usage.value", `${chosen}: is no name of a package, such as 7zip.7zip`);
      return [{ name: `${chosen}/source.msix`, url: `${CACHE}/source.msix`, maxBytes: MAX_INDEX_BYTES }];
    },
  },
  async follow(files, context) {
    const downloads: Download[] = [];
    for (const file of files.filter(isIndex)) {
      const chosen = file.name.split("/")[0]?.toLowerCase();
      const manifests = await manifestsIn(file, context, (id) => id.toLowerCase() === chosen);
      if (manifests.length === 0) throw FeedError.at(file.name, `knows no package ${chosen}`);
      downloads.push(
        ...manifests.slice(-MAX_VERSIONS).map(({ path }) => ({
          name: path,
          url: `${CACHE}/${path.split("/").map(encodeURIComponent).join("/")}`,
          maxBytes: MAX_MANIFEST_BYTES,
        })),
      );
    }
    return downloads;
  },
  recognises: (name, head) =>
    /winget-pkgs|\.installer\.ya?ml$|^source2?\.msix$/i.test(name) ||
    entriesInHead(head).some(
      (entry) =>
        /manifests\/.*\.ya?ml$|\.installer\.ya?ml$/i.test(entry.name) ||
        /(^|\/)winget-pkgs/i.test(entry.name),
    ) ||
    /^ManifestType: *(installer|singleton|merged)/im.test(Buffer.from(head).toString("latin1")),
  async *read(files, context) {
    const packages = new Packages();
    const listed = await listedHashes(files, context);
    for (const file of files.filter((one) => !isIndex(one)))
      yield* readManifests(file, context, { packages, listed });
    yield* packages.rest();
    if (files.every(isIndex))
      throw FeedError.at(
        files[0]?.name ?? "winget",
        "the index alone holds no hashes of installers; bring manifests",
      );
  },
  async asOf(files) {
    const dates = await Promise.all(files.map(archiveDate));
    return dates.filter((date) => date !== undefined).sort()[0];
  },
};

interface Reading {
  readonly packages: Packages;
  /** By path, where an index came along: SHA-256 of the manifest. */
  readonly listed: ReadonlyMap<string, string>;
}

async function* readManifests(
  file: SourceFile,
  context: ReadContext,
  { packages, listed }: Reading,
): AsyncIterable<WitnessFact> {
  let read = 0;
  const limits = { wants: isManifest, maxBytes: MAX_MANIFEST_BYTES };
  for await (const { name, place, bytes } of documentsOf(file, context, limits)) {
    const hash = listed.get(name);
    if (hash !== undefined && createHash("sha256").update(bytes).digest("hex") !== hash)
      throw new FeedError("feed.signature", `${place}: is not the manifest that the index names`);
    const manifest = rowOrSkip({ file: place }, context, () => ({ read: readManifest(bytes, place) }));
    if (manifest === undefined) continue;
    read += 1;
    if (manifest.read !== undefined) yield* packages.add(manifest.read);
  }
  if (read === 0) throw FeedError.at(file.name, "holds no manifest that can be read");
}

async function listedHashes(
  files: readonly SourceFile[],
  context: ReadContext,
): Promise<ReadonlyMap<string, string>> {
  const listed = new Map<string, string>();
  const names = new Set(files.map(({ name }) => name));
  for (const file of files.filter(isIndex))
    for (const { path, sha256 } of await manifestsIn(file, context, () => true))
      if (names.has(path)) listed.set(path, sha256);
  return listed;
}

/**
 * `manifests/p/Publisher/Package/1.0/Publisher.Package.installer.yaml`; of a folder that was brought, the end of it. Settings of
 * the repository lie elsewhere.
 */
const isManifest = (name: string): boolean =>
  /(^|[/\\])manifests[/\\].*\.ya?ml$/i.test(name) ||
  /\.(installer|locale\.[^/\\]+)\.ya?ml$/i.test(name) ||
  /^[^/\\]+\.ya?ml$/i.test(name);
