/**
 * One manifest of winget: installers of a version, or what a person is shown of it. Source: microsoft/winget-cli,
 * schemas/JSON/manifests v1.x (installer, defaultLocale, singleton, merged).
 * @module
 */

import type { Json } from "@sallyport/core";
import { parseDocument } from "yaml";
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

/** Every scalar stays the text it is. */
function parseYaml(text: string, place: string): Json {
  const document = parseDocument(text, { schema: "failsafe", uniqueKeys: true, logLevel: "silent" });
  const [error] = document.errors;
  if (error !== undefined)
    throw FeedError.at(`${place}:${error.linePos?.[0].line ?? 1}`, "is not YAML that can be read");
  try {
    return document.toJS({ maxAliasCount: 100 }) as Json;
  } catch {
    throw FeedError.at(place, "is not YAML that can be read");
  }
}
