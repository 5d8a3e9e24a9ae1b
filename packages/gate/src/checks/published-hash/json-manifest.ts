/**
 * Manifests in JSON: Scoop, npm's lockfile and npm's registry answer.
 * Sources: Scoop wiki, App Manifests (hash, url, architecture); npm docs, package-lock.json (packages,
 * dependencies) and package metadata (dist.integrity, dist.shasum, dist.tarball).
 * @module
 */

import { ArtifactError } from "@sallyport/core";
import { hexEntry, integrityEntries, isAlgorithm, type PublishedEntry, urlBaseName } from "./entry.ts";
import { asList, asRecord, asText, type Fields, type Plain, recordsOf } from "./plain.ts";

export const isJsonManifest = (text: string): boolean => /^\s*\{/.test(text);

/** @throws ArtifactError `artifact.malformed` when it is not JSON */
export function readJsonManifest(text: string): readonly PublishedEntry[] {
  const root = asRecord(parse(text));
  if (root === undefined) return [];
  const architectures = Object.values(asRecord(root.architecture) ?? {});
  return [
    ...[root, ...recordsOf(architectures)].flatMap(scoopEntries),
    ...[root, ...recordsOf([root.dist ?? null])].flatMap(npmEntries),
    ...recordsOf(Object.values(asRecord(root.packages) ?? {})).flatMap(npmEntries),
    ...dependencyEntries(root),
  ];
}

/** `hash` and `url` are texts, or lists in the same order. */
function scoopEntries(fields: Fields): PublishedEntry[] {
  const list = (value: Plain | undefined): readonly Plain[] =>
    typeof value === "string" ? [value] : asList(value);
  const urls = list(fields.url);
  return list(fields.hash).flatMap((item, index) => {
    const [, prefix = "sha256", hex = ""] = /^(?:([a-z0-9]+):)?([0-9a-f]+)$/i.exec(asText(item) ?? "") ?? [];
    const algorithm = prefix.toLowerCase();
    const name = urlBaseName(asText(urls[index]) ?? "");
    return (isAlgorithm(algorithm) && hexEntry(name, hex, algorithm)) || [];
  });
}

function npmEntries(fields: Fields): PublishedEntry[] {
  const name = urlBaseName(asText(fields.resolved) ?? asText(fields.tarball) ?? "");
  const shasum = asText(fields.shasum);
  return [
    ...integrityEntries(name, asText(fields.integrity) ?? ""),
    ...((shasum !== undefined && [hexEntry(name, shasum, "sha1") ?? []].flat()) || []),
  ];
}

/** Lockfile version 1 nests dependencies in dependencies. */
function dependencyEntries(root: Fields): PublishedEntry[] {
  const entries: PublishedEntry[] = [];
  const waiting: Fields[] = [root];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const dependency of recordsOf(Object.values(asRecord(next.dependencies) ?? {}))) {
      entries.push(...npmEntries(dependency));
      waiting.push(dependency);
    }
  }
  return entries;
}

function parse(text: string): Plain {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ArtifactError("artifact.malformed", "is not valid JSON", { cause });
  }
}
