/**
 * Manifests in YAML: winget installers and electron-updater's `latest*.yml`.
 * Sources: winget-cli manifest schema 1.6 (Installers[].InstallerUrl, InstallerSha256);
 * electron-updater UpdateInfo (path, sha512, files[]).
 * Read without aliases, tags or types: a hash of digits alone stays text, and a bomb of aliases has no fuse.
 * @module
 */

import { ArtifactError } from "@sallyport/core";
import { isAlias, isMap, isScalar, isSeq, parseDocument } from "yaml";
import { base64Entry, hexEntry, type PublishedEntry, urlBaseName } from "./entry.ts";
import { asList, asRecord, asText, type Fields, type Plain, recordsOf } from "./plain.ts";

const MAX_TEXT_LENGTH = 1024 * 1024;
const MAX_DEPTH = 16;
const KEYS = /^[ \t-]*(?:InstallerSha256|Sha256|sha512|sha2)[ \t]*:/m;

/** Whether the text looks like one of these manifests. */
export const isYamlManifest = (text: string): boolean => KEYS.test(text);

/** @throws ArtifactError `artifact.malformed` when it is not the YAML these manifests use */
export function readYamlManifest(text: string): readonly PublishedEntry[] {
  const root = asRecord(readPlainYaml(text));
  if (root === undefined) throw malformed("is not a YAML mapping");
  return [...wingetEntries(root), ...electronEntries(root)];
}

function wingetEntries(root: Fields): PublishedEntry[] {
  return [root, ...recordsOf(asList(root.Installers))].flatMap((installer) => {
    const url = asText(installer.InstallerUrl) ?? asText(installer.Url) ?? "";
    const hash = asText(installer.InstallerSha256) ?? asText(installer.Sha256);
    return (hash !== undefined && hexEntry(urlBaseName(url), hash, "sha256")) || [];
  });
}

function electronEntries(root: Fields): PublishedEntry[] {
  const packages = Object.values(asRecord(root.packages) ?? {});
  const files = [root, ...recordsOf([...asList(root.files), ...packages])];
  return files.flatMap((file) => {
    const name = urlBaseName(asText(file.url) ?? asText(file.path) ?? "");
    const [sha512, sha2] = [asText(file.sha512), asText(file.sha2)];
    return [
      (sha512 !== undefined && (base64Entry(name, sha512, "sha512") ?? hexEntry(name, sha512, "sha512"))) ||
        [],
      (sha2 !== undefined && hexEntry(name, sha2, "sha256")) || [],
    ].flat();
  });
}

/** @throws ArtifactError `artifact.malformed` when it is not the YAML that manifests use */
export function readPlainYaml(text: string): Plain {
  if (text.length > MAX_TEXT_LENGTH) throw malformed("is too large for a manifest");
  try {
    // The library's own search for repeated keys is quadratic; ours below is not.
    const document = parseDocument(text, {
      schema: "failsafe",
      uniqueKeys: false,
      logLevel: "silent",
      prettyErrors: false,
    });
    if (document.errors.length > 0) throw malformed("is not valid YAML");
    return plainOf(document.contents, 0);
  } catch (cause) {
    if (cause instanceof ArtifactError) throw cause;
    throw malformed("is not valid YAML", cause);
  }
}

function plainOf(node: unknown, depth: number): Plain {
  if (depth > MAX_DEPTH) throw malformed("is nested too deeply");
  if (isAlias(node)) throw malformed("uses YAML aliases");
  if (isScalar(node)) return typeof node.value === "string" ? node.value : "";
  if (isSeq(node)) return node.items.map((item) => plainOf(item, depth + 1));
  if (!isMap(node)) return "";
  const entries = new Map<string, Plain>();
  for (const { key, value } of node.items) {
    const name = plainOf(key, depth + 1);
    if (typeof name !== "string" || entries.has(name)) throw malformed("says one thing twice");
    entries.set(name, plainOf(value, depth + 1));
  }
  return Object.fromEntries(entries);
}

const malformed = (problem: string, cause?: unknown): ArtifactError =>
  new ArtifactError("artifact.malformed", problem, { cause });
