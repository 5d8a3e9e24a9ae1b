/** `check URL`: fetches what an address gives, or what stands behind the page it gives, into a private folder. @module */

import { open } from "node:fs/promises";
import { join } from "node:path";
import { hasCode, UsageError } from "@sallyport/core";
import type { Fetched, Fetcher } from "@sallyport/fetch";
import type { LandingDownload, LandingPage, Origin } from "@sallyport/gate";
import type { Input } from "./inputs.ts";
import { bytesText, printable, shortened } from "./render/text.ts";

const MAX_NAMES_SHOWN = 20;
const HEAD_BYTES = 1024;

export const isAddress = (text: string): boolean => /^[a-z][a-z0-9+.-]+:\/\//i.test(text);

export interface Downloading {
  readonly fetcher: Fetcher;
  /** Private, and gone afterwards. */
  readonly folder: string;
  readonly maxBytes: number;
  /** From `--download`: which of several that a page names. */
  readonly wanted: string | undefined;
  readonly onProgress: (text: string) => void;
  /** Told what was found behind a page. */
  readonly onPage: (text: string) => void;
}

/**
 * @throws UsageError `usage.value` for no address, for a page of which nobody can tell what is meant, or for a web page
 * @throws FetchError
 */
export async function download(address: string, downloading: Downloading): Promise<Input> {
  const { gitHubApiFor } = await import("@sallyport/gate");
  const url = await readAddress(address);
  const api = gitHubApiFor(url);
  const first = await fetchInto(api ?? url.href, "1", downloading);
  const page = await pageAt(first);
  // What a person was shown, not what a program asks in its place.
  const asked = api === undefined ? first.fetched.urls : [url.href];
  if (page === undefined) {
    await refuseWebPage(first, address);
    return inputOf(first, asked, []);
  }
  const chosen = choose(page, address, downloading.wanted);
  downloading.onPage(`${address} is ${page.title}; what is judged is ${chosen.name} behind it`);
  const second = await fetchInto(chosen.url, "2", downloading);
  await refuseWebPage(second, chosen.url);
  const published = page.downloads.flatMap(({ hashLine }) => hashLine ?? []);
  return { ...inputOf(second, asked, second.fetched.urls, chosen.name), ...publishedBy(address, published) };
}

/** @throws UsageError `usage.value` */
export async function readAddress(address: string): Promise<URL> {
  const { parseAddress } = await import("@sallyport/fetch");
  try {
    return parseAddress(address);
  } catch (error) {
    if (!hasCode(error, "fetch.url")) throw error;
    throw new UsageError("usage.value", error.message, { cause: error });
  }
}

/** A name in front of the host is a trick that is judged, where nothing is sent there. A password is never taken. */
export async function readSaidOrigin(address: string): Promise<URL> {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isTrick = url?.username !== "" && url?.password === "" && /^https?:$/.test(url.protocol);
  return url !== undefined && isTrick ? url : readAddress(address);
}

interface Download {
  readonly path: string;
  readonly url: string;
  readonly fetched: Fetched;
}

async function fetchInto(url: string, name: string, downloading: Downloading): Promise<Download> {
  const { fetcher, folder, maxBytes, onProgress } = downloading;
  const path = join(folder, name);
  const fetched = await fetcher.fetch({
    url,
    path,
    maxBytes,
    // Plain HTTP is judged by whoever asks where it came from, and told with the verdict.
    mayLeaveTls: true,
    onProgress: (bytes, total) =>
      onProgress(total === undefined ? bytesText(bytes) : `${bytesText(bytes)} of ${bytesText(total)}`),
  });
  if (fetched.sizeBytes === 0)
    throw new UsageError("usage.value", `${url}: gives nothing, a file was expected; check the address`);
  return { path, url, fetched };
}

async function pageAt({ path, fetched, url }: Download): Promise<LandingPage | undefined> {
  const { MAX_LANDING_BYTES, readLandingPage } = await import("@sallyport/gate");
  if (fetched.sizeBytes > MAX_LANDING_BYTES) return undefined;
  const bytes = await readStart(path, fetched.sizeBytes);
  try {
    // Relative to what answered, as a browser would have it.
    return await readLandingPage(bytes, fetched.urls.at(-1)?.replace(/\?…$/, "") ?? url);
  } catch (error) {
    if (!hasCode(error, "artifact.malformed", "artifact.over-limit")) throw error;
    throw new UsageError("usage.value", `${url}: ${error.message}`, { cause: error });
  }
}

/** What is judged is what somebody would install, and a page for people is not that. */
async function refuseWebPage({ path, fetched }: Download, address: string): Promise<void> {
  const isHtml = /^\s*text\/html\b/i.test(fetched.contentType ?? "");
  const head = (await readStart(path, Math.min(HEAD_BYTES, fetched.sizeBytes))).toString("latin1");
  if (!isHtml || !/<(!doctype\s+html|html|head|body)\b/i.test(head)) return;
  throw new UsageError(
    "usage.value",
    `${address}: gives a web page, not a file to install; copy the address of the download itself, or of the page of an updater`,
  );
}

async function readStart(path: string, length: number): Promise<Buffer> {
  const file = await open(path);
  try {
    const bytes = Buffer.alloc(length);
    const { bytesRead } = await file.read(bytes, 0, length, 0);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** @throws UsageError `usage.value`, naming what there is: nothing is chosen in silence */
function choose(
  { title, downloads }: LandingPage,
  address: string,
  wanted: string | undefined,
): LandingDownload {
  const names = downloads.map(({ name, version }) => (version === undefined ? name : `${name} (${version})`));
  const shown = names.slice(0, MAX_NAMES_SHOWN).map((name) => `\n  ${shortened(printable(name), 120)}`);
  const more = names.length > shown.length ? `\n  and ${names.length - shown.length} more` : "";
  const found =
    wanted === undefined
      ? downloads
      : downloads.filter(({ name, url, version }) => [name, url, version].includes(wanted));
  const [only, second] = found;
  if (only !== undefined && second === undefined) return only;
  if (downloads.length === 0)
    throw new UsageError("usage.value", `${address}: is ${title} that names no download`);
  const because =
    wanted === undefined
      ? `is ${title} that names ${downloads.length} downloads; choose one with --download NAME, by its name or version:`
      : `${found.length === 0 ? "no" : "more than one"} download is called ${wanted}; there are:`;
  throw new UsageError("usage.value", `${address}: ${because}${shown.join("")}${more}`);
}

function inputOf(
  { path, url, fetched }: Download,
  asked: readonly string[],
  further: readonly string[],
  name: string = nameFrom(fetched, url),
): Input {
  const { contentType, etag, lastModified, tls } = fetched;
  const download = {
    ...(contentType !== undefined && { contentType }),
    ...(etag !== undefined && { etag }),
    ...(lastModified !== undefined && { lastModified }),
    ...(tls !== undefined && { tls: { ...tls } }),
  };
  const origin: Origin = { urls: [...asked, ...further], toldBy: "download", download };
  return { path, label: name, origin };
}

function publishedBy(address: string, lines: readonly string[]): Pick<Input, "published"> {
  return lines.length === 0 ? {} : { published: { name: address, text: `${lines.join("\n")}\n` } };
}

/** As the server calls it, or the end of the address. RFC 6266 §4.3. It names, and is never a path. */
function nameFrom({ contentDisposition = "", urls }: Fetched, url: string): string {
  const [, extended] = /;\s*filename\*=utf-8''([^;\s]{1,1000})/i.exec(contentDisposition) ?? [];
  const [, quoted, token] =
    /;\s*filename=(?:"([^"]{1,255})"|([^;\s"]{1,255}))/i.exec(contentDisposition) ?? [];
  const path = new URL(urls.at(-1)?.replace(/\?…$/, "") ?? url).pathname;
  const given = (extended === undefined ? undefined : decoded(extended)) ?? quoted ?? token ?? decoded(path);
  const last = (given ?? "").split(/[\\/]/).findLast((part) => part.trim() !== "");
  return last?.slice(0, 255) ?? "download";
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
