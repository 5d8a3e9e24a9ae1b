/** A release on GitHub, as its API tells of it; and where the API tells of the page that a person looks at. @module */

import { hasCode } from "@sallyport/core";
import { isJsonObject, listMember, readJson, textMember } from "../json/read-json.ts";
import type { LandingKind } from "./landing.ts";

export const gitHubRelease: LandingKind = {
  title: "a release on GitHub",
  document: "GitHub REST API: Get a release",
  async read(text) {
    if (!/^\s*\{/.test(text) || !text.includes('"browser_download_url"')) return undefined;
    const release = readRelease(text);
    const assets = listMember(release, "assets");
    if (!isJsonObject(release) || assets === undefined) return undefined;
    const version = textMember(release, "tag_name");
    return assets.flatMap((asset) => {
      const address = textMember(asset, "browser_download_url");
      const name = textMember(asset, "name");
      if (address === undefined) return [];
      const [, sha256] = /^sha256:([0-9a-f]{64})$/.exec(textMember(asset, "digest") ?? "") ?? [];
      const hashLine =
        sha256 === undefined || name === undefined ? undefined : `SHA256 (${name}) = ${sha256}`;
      return [
        { address, ...(version !== undefined && { version }), ...(hashLine !== undefined && { hashLine }) },
      ];
    });
  },
};

function readRelease(text: string) {
  try {
    return readJson(Buffer.from(text), "the release");
  } catch (error) {
    if (hasCode(error, "artifact.malformed")) return undefined;
    throw error;
  }
}

/** @returns where the API tells of a page of releases; undefined for any other address */
export function gitHubApiFor(url: URL): string | undefined {
  if (url.hostname !== "github.com") return undefined;
  const [, repository, rest] =
    /^\/([\w.-]+\/[\w.-]+)\/releases(?:\/(latest|tag\/.+))?\/?$/.exec(url.pathname) ?? [];
  if (repository === undefined) return undefined;
  const tag = rest?.startsWith("tag/") ? `tags/${rest.slice("tag/".length)}` : "latest";
  return `https://api.github.com/repos/${repository}/releases/${tag}`;
}
