/**
 * From a provider's metadata to its documents: ROLIE feeds, or a folder with changes.csv.
 * Source: OASIS CSAF 2.0, §7.1.7 to §7.1.15; RFC 8322 (ROLIE).
 * @module
 */

import type { Json } from "@sallyport/core";
import { FeedError } from "../../feed-error.ts";
import {
  csvRecords,
  decodeText,
  instantOf,
  member,
  memberAt,
  optionalList,
  optionalText,
  parseJson,
  readBytes,
} from "../../reading/index.ts";
import type { Download, ReadContext, SourceFile } from "../../source.ts";
import { isProofFile, isProving, keyDownloads, type Links, linksOf, proofsOf } from "./proof-files.ts";

export const MAX_FEED_BYTES = 64 * 1024 * 1024;
const MAX_DOCUMENT_BYTES = 32 * 1024 * 1024;
/** Of a provider with more, the newest. */
const MAX_DOCUMENTS = 5_000;
/** What everybody may read: CSAF 2.0 §3.2.1.5, TLP 1.0 and 2.0. */
const OPEN_LABELS = new Set(["WHITE", "CLEAR", "UNLABELED"]);

interface Listed {
  readonly url: string;
  /** ISO 8601, UTC; empty where the list does not say. */
  readonly updated: string;
  readonly links: Links;
}

/** @returns what the files lead to; the same again for the same files, so that whoever asks sees when nothing is new */
export async function nextDownloads(
  files: readonly SourceFile[],
  context: ReadContext,
): Promise<readonly Download[]> {
  const guides: Download[] = [];
  const documents: Listed[] = [];
  let isExpected = false;
  for (const file of files) {
    if (isProofFile(file.name)) continue;
    // One by one: a list may hold more than one call takes arguments.
    if (/\/changes\.csv$/i.test(file.name))
      for (const one of await changesOf(file, context)) documents.push(one);
    else if (/provider-metadata\.json$|feed[\w.-]*\.json$/i.test(file.name) || !file.name.includes("/")) {
      const found = await guideOf(file, context);
      isExpected ||= found.isProving;
      for (const one of found.guides) guides.push(one);
      for (const one of found.documents) documents.push(one);
    }
  }
  const newest = documents.sort((a, b) => (a.updated === b.updated ? 0 : a.updated < b.updated ? 1 : -1));
  if (newest.length > MAX_DOCUMENTS)
    context.skip({
      file: "csaf",
      because: `lists ${newest.length} documents, and only the newest ${MAX_DOCUMENTS} are fetched`,
    });
  const here = new Set(files.map(({ name }) => name));
  const wanted = newest.slice(0, MAX_DOCUMENTS).flatMap(({ url, links }) => {
    const document = downloadOf(url, MAX_DOCUMENT_BYTES);
    return [document, ...proofsOf(document, { links, isExpected, here })];
  });
  return [...new Map([...guides, ...wanted].map((download) => [download.url, download])).values()];
}

interface Guide {
  readonly guides: readonly Download[];
  readonly documents: readonly Listed[];
  /** Whether the provider says that its documents are proven. */
  readonly isProving: boolean;
}

async function guideOf(file: SourceFile, context: ReadContext): Promise<Guide> {
  const document = parseJson(await readBytes(file, context, MAX_FEED_BYTES), file.name);
  if (member(document, "metadata_version") !== undefined)
    return {
      guides: [...guidesOf(document, file.name), ...keyDownloads(document)],
      documents: [],
      isProving: isProving(document),
    };
  return { guides: [], documents: entriesOf(document, file.name), isProving: false };
}

/** Feeds before folders: they say when each document was changed. */
function guidesOf(metadata: Json, place: string): readonly Download[] {
  const distributions = optionalList(metadata, "distributions");
  const feeds = distributions.flatMap((one) =>
    optionalList(member(one, "rolie"), "feeds").flatMap((feed) => {
      const label = optionalText(feed, "tlp_label", 40) ?? "UNLABELED";
      const url = optionalText(feed, "url", 2000);
      return url !== undefined && OPEN_LABELS.has(label) ? [url] : [];
    }),
  );
  if (feeds.length > 0) return feeds.map((url) => downloadOf(checked(url, place), MAX_FEED_BYTES, "feed"));
  const folders = distributions.flatMap(
    (one) =>
      optionalText(one, "directory_url", 2000) ?? optionalText(member(one, "directory"), "url", 2000) ?? [],
  );
  if (folders.length === 0) throw FeedError.at(place, "names no feed and no folder that everybody may read");
  return folders.map((folder) => {
    const base = checked(folder, place);
    return downloadOf(new URL("changes.csv", base.endsWith("/") ? base : `${base}/`).href, MAX_FEED_BYTES);
  });
}

function entriesOf(document: Json, place: string): readonly Listed[] {
  return optionalList(member(document, "feed"), "entry").flatMap((entry) => {
    const source = memberAt(entry, "content", "src");
    const self = optionalList(entry, "link").find((link) => member(link, "rel") === "self");
    const url = typeof source === "string" ? source : optionalText(self, "href", 2000);
    const updated = optionalText(entry, "updated", 64);
    if (url === undefined) return [];
    const links = linksOf(entry, (address) => checked(address, place));
    return [{ url: checked(url, place), updated: instantOf(updated ?? "") ?? "", links }];
  });
}

/** Two columns without a header: name below the folder, and when it was changed. */
async function changesOf(file: SourceFile, context: ReadContext): Promise<readonly Listed[]> {
  const text = decodeText(await readBytes(file, context, MAX_FEED_BYTES), file.name);
  return [...csvRecords(text, file.name)].flatMap(({ line, fields: [path = "", updated = ""] }) => {
    if (!/^[\w./-]{1,500}\.json$/.test(path) || path.split("/").includes("..")) {
      context.skip({ file: file.name, line, because: "names no document below its folder" });
      return [];
    }
    return [
      {
        url: `https://${file.name.replace(/changes\.csv$/i, path)}`,
        updated: instantOf(updated) ?? "",
        links: {},
      },
    ];
  });
}

/** @throws FeedError for what is no https address: a list must not lead elsewhere */
function checked(address: string, place: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol !== "https:") throw FeedError.at(place, "names an address that is not https");
  return url.href;
}

/** Its name is its address, so that a name says what a file is and where it belongs. */
function downloadOf(address: string, maxBytes: number, kind?: "feed"): Download {
  const url = new URL(address);
  const name = `${url.host}${url.pathname}`;
  return {
    name: kind === undefined || /feed[\w.-]*\.json$/i.test(name) ? name : `${name}#feed.json`,
    url: url.href,
    maxBytes,
  };
}
