/** Buckets of Scoop: what its maintainers and its updater downloaded, and which bytes it was. @module */

import type { WitnessFact } from "../../fact.ts";
import { FeedError } from "../../feed-error.ts";
import { documentsOf, parseJson, rowOrSkip } from "../../reading/index.ts";
import type { IntelSource, ReadContext, SourceFile } from "../../source.ts";
import { archiveDate, entriesInHead } from "../../witnesses/archive-head.ts";
import { readManifest } from "./manifest.ts";

const MAX_MANIFEST_BYTES = 1024 * 1024;
const MAX_BUCKET_BYTES = 256 * 1024 * 1024;
const BUCKETS = ["Main", "Extras", "Versions", "Nonportable", "Java"];

export const scoop: IntelSource = {
  id: "scoop",
  title: "Scoop buckets",
  answers: ["witness"],
  document: "Scoop wiki, App Manifests",
  licence: "Unlicense",
  authority: "public",
  staleAfterDays: 14,
  onBadRow: "skip",
  downloads: BUCKETS.map((bucket) => ({
    name: `${bucket}.tar.gz`,
    url: `https://codeload.github.com/ScoopInstaller/${bucket}/tar.gz/refs/heads/master`,
    maxBytes: MAX_BUCKET_BYTES,
  })),
  recognises: (name, head) =>
    /(^|[/\\_-])scoop|(^|[/\\])bucket([/\\].+\.json|\.tar)$/i.test(name) ||
    entriesInHead(head).some((entry) => inBucket(entry.name)) ||
    looksLikeManifest(Buffer.from(head).toString("latin1")),
  async *read(files, context) {
    for (const file of files) yield* readBucket(file, context);
  },
  async asOf(files) {
    const dates = await Promise.all(files.map(archiveDate));
    // Of several buckets the oldest counts: any of them could be a replay.
    return dates.filter((date) => date !== undefined).sort()[0];
  },
};

async function* readBucket(file: SourceFile, context: ReadContext): AsyncIterable<WitnessFact> {
  const limits = { wants: isManifest, maxBytes: MAX_MANIFEST_BYTES };
  let read = 0;
  for await (const { name, place, bytes } of documentsOf(file, context, limits)) {
    const reading = rowOrSkip({ file: place }, context, () =>
      readManifest(applicationName(name), parseJson(bytes, place)),
    );
    if (reading === undefined) continue;
    read += 1;
    yield* reading.facts;
    if (reading.withoutDigest > 0)
      context.skip({
        file: place,
        because: `lists ${reading.withoutDigest} files without a SHA-256, which are no witness`,
      });
  }
  if (read === 0) throw FeedError.at(file.name, "holds no manifest that can be read");
}

/** Manifests stand in `bucket`, at any depth; what lies beside it is about the bucket. */
const inBucket = (name: string): boolean => /(^|[/\\])bucket[/\\].*\.json$/i.test(name);

/** Of a folder that was brought, what lies in it without another folder is a manifest as well. */
const isManifest = (name: string): boolean => inBucket(name) || /^[^/\\]+\.json$/i.test(name);

const looksLikeManifest = (text: string): boolean =>
  /^\s*\{/.test(text) &&
  /"version"\s*:/.test(text) &&
  /"hash"\s*:/.test(text) &&
  /"(?:homepage|checkver|autoupdate|license)"\s*:/.test(text);

const applicationName = (name: string): string =>
  name.slice(Math.max(name.lastIndexOf("/"), name.lastIndexOf("\\")) + 1).replace(/\.json$/i, "");
