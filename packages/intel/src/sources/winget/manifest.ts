/**
 * One manifest of winget: installers of a version, or what a person is shown of it. Source: microsoft/winget-cli,
 * schemas/JSON/manifests v1.x (installer, defaultLocale, singleton, merged).
 * @module
 */

import type { Json } from "@sallyport/core";
import { isAlias, isMap, isScalar, isSeq, parseDocument } from "yaml";
import { FeedError } from "../../feed-error.ts";
import {
  decodeText,
  isJsonObject,
  optionalList,
  optionalText,
  refuse,
  requiredText,
} from "../../reading/index.ts";
import { sha256Of } from "../../witnesses/digest.ts";
import { readPlainly } from "./plain-yaml.ts";

const MAX_INSTALLERS = 1000;
const MAX_DEPTH = 16;

export interface Manifest {
  readonly packageId: string;
  readonly version: string;
  /** Where the manifest says so: the default locale, or a single or merged manifest. */
  readonly product: string | undefined;
  readonly vendor: string | undefined;
  readonly installers: readonly Installer[];
}

export interface Installer {
  readonly sha256: string;
  readonly url: string | undefined;
  readonly architecture: string | undefined;
}

/** @returns undefined for manifests that say nothing that is asked here: further locales, the list of the others */
export function readManifest(bytes: Uint8Array, place: string): Manifest | undefined {
  const text = decodeText(bytes, place);
  const manifest = readPlainly(text) ?? parseYaml(text, place);
  if (!isJsonObject(manifest)) refuse("manifest", "is no mapping");
  const type = requiredText(manifest, "ManifestType", 40).toLowerCase();
  if (type === "version" || type === "locale") return undefined;
  const names = type !== "installer";
  return {
    packageId: requiredText(manifest, "PackageIdentifier", 200),
    version: versionOf(manifest),
    product: names ? optionalText(manifest, "PackageName", 500) : undefined,
    vendor: names ? optionalText(manifest, "Publisher", 500) : undefined,
    installers: type === "defaultlocale" ? [] : installersOf(manifest),
  };
}

/** The schema asks for a text, but the reader of YAML takes 24.10 for a number and loses its zero: both are texts here. */
const versionOf = (manifest: Json): string => requiredText(manifest, "PackageVersion", 200);

function installersOf(manifest: Json): readonly Installer[] {
  const installers = optionalList(manifest, "Installers");
  if (installers.length > MAX_INSTALLERS) refuse("Installers", `has more than ${MAX_INSTALLERS} entries`);
  return installers.map((installer) => ({
    sha256:
      sha256Of(requiredText(installer, "InstallerSha256", 200)) ?? refuse("InstallerSha256", "is no SHA-256"),
    url: optionalText(installer, "InstallerUrl", 4096),
    architecture: optionalText(installer, "Architecture", 40) ?? optionalText(manifest, "Architecture", 40),
  }));
}

/** Every scalar stays the text it is; no aliases, which could make anything of a few lines. */
function parseYaml(text: string, place: string): Json {
  // The library's own search for repeated keys, and for what an alias means, is quadratic; ours is not.
  const document = parseDocument(text, {
    schema: "failsafe",
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: "silent",
  });
  const [error] = document.errors;
  if (error !== undefined) throw unreadable(place, text.slice(0, error.pos[0]).split("\n").length);
  return plainOf(document.contents, 0, place);
}

function plainOf(node: unknown, depth: number, place: string): Json {
  if (depth > MAX_DEPTH || isAlias(node)) throw unreadable(place);
  if (isScalar(node)) return typeof node.value === "string" ? node.value : null;
  if (isSeq(node)) return node.items.map((item) => plainOf(item, depth + 1, place));
  if (!isMap(node)) return null;
  const entries = new Map<string, Json>();
  for (const { key, value } of node.items) {
    const name = plainOf(key, depth + 1, place);
    if (typeof name !== "string" || entries.has(name)) throw unreadable(place);
    entries.set(name, plainOf(value, depth + 1, place));
  }
  return Object.fromEntries(entries);
}

const unreadable = (place: string, line = 1): FeedError =>
  FeedError.at(`${place}:${line}`, "is not YAML that can be read");
