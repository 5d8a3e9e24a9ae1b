/** One manifest of a bucket. Source: Scoop's wiki, "App Manifests". @module */

import type { Json, JsonObject } from "@sallyport/core";
import type { WitnessFact } from "../../fact.ts";
import { isJsonObject, member, optionalText, refuse, requiredText } from "../../reading/index.ts";
import { architectureOf } from "../../witnesses/architecture.ts";
import { sha256Of } from "../../witnesses/digest.ts";
import { downloadUrl } from "../../witnesses/web-address.ts";

const MAX_FILES = 200;

export interface ManifestReading {
  readonly facts: readonly WitnessFact[];
  /** Files it lists with a digest that witnesses nothing, or with none. */
  readonly withoutDigest: number;
}

/**
 * @param name - of the application: the file's name without `.json`
 * @throws FeedError naming the member that is missing or wrong
 */
export function readManifest(name: string, manifest: Json): ManifestReading {
  if (!isJsonObject(manifest)) refuse("manifest", "is no object");
  const version = requiredText(manifest, "version", 200);
  const facts: WitnessFact[] = [];
  let withoutDigest = 0;
  for (const { architecture, files } of partsOf(manifest))
    for (const { url, hash } of files) {
      const sha256 = hash === undefined ? undefined : sha256Of(hash);
      if (sha256 === undefined) withoutDigest += 1;
      else facts.push(toFact(sha256, { name, version, architecture, url }));
    }
  return { facts, withoutDigest };
}

interface Part {
  readonly architecture: string | undefined;
  readonly files: readonly { readonly url: string; readonly hash: string | undefined }[];
}

/** The manifest itself, and what it says for each architecture. */
function partsOf(manifest: JsonObject): readonly Part[] {
  const parts: Part[] = [{ architecture: undefined, files: filesOf(manifest, "url") }];
  const byArchitecture = member(manifest, "architecture");
  if (byArchitecture === undefined) return parts;
  if (!isJsonObject(byArchitecture)) refuse("architecture", "is no object");
  for (const [architecture, part] of Object.entries(byArchitecture))
    parts.push({ architecture: architectureOf(architecture), files: filesOf(part, "architecture") });
  return parts;
}

/** The n-th hash is the n-th address's. */
function filesOf(part: Json, what: string): Part["files"] {
  const urls = oneOrMany(part, "url");
  const hashes = oneOrMany(part, "hash");
  if (hashes.length > 0 && hashes.length !== urls.length)
    refuse(what, `lists ${urls.length} addresses and ${hashes.length} hashes`);
  return urls.map((url, index) => ({ url, hash: hashes[index] }));
}

function oneOrMany(part: Json, name: string): readonly string[] {
  const value = member(part, name);
  if (value === undefined) return [];
  const list: readonly Json[] = typeof value === "object" && Array.isArray(value) ? value : [value];
  if (list.length > MAX_FILES) refuse(name, `has more than ${MAX_FILES} entries`);
  return list.map((entry) => optionalText({ [name]: entry }, name, 4096) ?? refuse(name, "is empty"));
}

function toFact(
  sha256: string,
  of: { name: string; version: string; architecture: string | undefined; url: string },
): WitnessFact {
  const url = downloadUrl(of.url);
  return {
    kind: "witness",
    witness: {
      sha256,
      packageId: of.name,
      product: of.name,
      version: of.version,
      ...(of.architecture !== undefined && { architecture: of.architecture }),
      ...(url !== undefined && { url }),
    },
  };
}
