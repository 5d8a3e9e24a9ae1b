/**
 * Pages behind which a download stands: what updaters and people are given instead of the file itself. One row per kind; a
 * page is told by its content.
 * @module
 */

import { ArtifactError } from "@sallyport/core";
import { appcast } from "./appcast.ts";
import { electronUpdater } from "./electron-updater.ts";
import { gitHubRelease } from "./github-release.ts";
import { squirrelReleases } from "./squirrel-releases.ts";

/** Such a page is never larger. */
export const MAX_LANDING_BYTES = 8 * 1024 * 1024;
const MAX_DOWNLOADS = 10_000;

export interface LandingKind {
  /** For people: `a list of electron-updater`. */
  readonly title: string;
  /** Where its form is written down. */
  readonly document: string;
  /**
   * @param text - decoded, without a byte order mark
   * @returns undefined when it is no such page
   * @throws ArtifactError `artifact.malformed` when it is one, and broken
   */
  read(text: string): Promise<readonly ListedDownload[] | undefined>;
}

/** A download as a page names it. */
export interface ListedDownload {
  /** As written: often relative to the page. */
  readonly address: string;
  readonly version?: string;
  /** Its hash, as a line of a list that `published-hash` reads; absent where the page says none. */
  readonly hashLine?: string;
}

export interface LandingPage {
  readonly title: string;
  /** In the page's order. */
  readonly downloads: readonly LandingDownload[];
}

export interface LandingDownload {
  readonly url: string;
  /** Last part of the address. */
  readonly name: string;
  readonly version?: string;
  readonly hashLine?: string;
}

const kinds: readonly LandingKind[] = [electronUpdater, squirrelReleases, gitHubRelease, appcast];

/**
 * @param url - what sent it; addresses in it are relative to that
 * @returns undefined when it is no page of a kind that is known
 * @throws ArtifactError `artifact.malformed` when it is one, and broken
 */
export async function readLandingPage(bytes: Uint8Array, url: string): Promise<LandingPage | undefined> {
  const text = decode(bytes);
  if (text === undefined) return undefined;
  for (const { title, read } of kinds) {
    const listed = await read(text);
    if (listed === undefined) continue;
    if (listed.length > MAX_DOWNLOADS)
      throw new ArtifactError("artifact.over-limit", `${title} names more than ${MAX_DOWNLOADS} downloads`);
    return { title, downloads: uniqueBy(listed.flatMap((one) => resolve(one, url) ?? [])) };
  }
  return undefined;
}

function decode(bytes: Uint8Array): string | undefined {
  if (bytes.length > MAX_LANDING_BYTES || bytes.includes(0)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function resolve({ address, ...rest }: ListedDownload, base: string): LandingDownload | undefined {
  if (!URL.canParse(address, base)) return undefined;
  const url = new URL(address, base);
  if (url.protocol !== "https:" && url.protocol !== "http:") return undefined;
  return { ...rest, url: url.href, name: nameOf(url) };
}

/** @returns the last part of its path, as it is meant to be read */
function nameOf({ pathname, hostname }: URL): string {
  const last = pathname.split("/").findLast((part) => part !== "") ?? hostname;
  try {
    return decodeURIComponent(last).replace(/^.*[\\/]/, "") || last;
  } catch {
    return last;
  }
}

function uniqueBy(downloads: readonly LandingDownload[]): readonly LandingDownload[] {
  const seen = new Set<string>();
  return downloads.filter(({ url }) => !seen.has(url) && seen.add(url) !== undefined);
}
