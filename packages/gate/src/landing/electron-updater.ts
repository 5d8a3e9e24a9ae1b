/** `latest.yml`, `latest-mac.yml`, …: the newest release for electron-updater. @module */

import { hasCode } from "@sallyport/core";
import { asList, asRecord, asText, type Fields, recordsOf } from "../checks/published-hash/plain.ts";
import type { LandingKind, ListedDownload } from "./landing.ts";

const MARK = /^(?:files|path)[ \t]*:/m;

export const electronUpdater: LandingKind = {
  title: "a list of electron-updater",
  document: "electron-builder: UpdateInfo, UpdateFileInfo",
  async read(text) {
    if (!MARK.test(text) || !/^version[ \t]*:/m.test(text)) return undefined;
    const root = await rootOf(text);
    if (root === undefined) return undefined;
    const version = asText(root.version);
    const files = recordsOf(asList(root.files)).flatMap((file) => listed(file, version) ?? []);
    const legacy = files.length === 0 ? listed({ ...root, url: root.path ?? "" }, version) : undefined;
    const all = legacy === undefined ? files : [legacy];
    return all.length === 0 ? undefined : all;
  },
};

/** Text with a line like these may be anything. */
async function rootOf(text: string): Promise<Fields | undefined> {
  // The reader of YAML alone is larger than the rest of a start.
  const { readPlainYaml } = await import("../checks/published-hash/yaml-manifest.ts");
  try {
    return asRecord(readPlainYaml(text));
  } catch (error) {
    if (hasCode(error, "artifact.malformed")) return undefined;
    throw error;
  }
}

function listed(file: Fields, version: string | undefined): ListedDownload | undefined {
  const address = asText(file.url) ?? "";
  const sha512 = asText(file.sha512) ?? "";
  const digest = Buffer.from(sha512, "base64");
  if (address === "" || digest.length !== 64) return undefined;
  const name = address.split(/[?#]/, 1)[0]?.split("/").at(-1) ?? "";
  const hashLine = `SHA512 (${decoded(name)}) = ${digest.toString("hex")}`;
  return { address, ...(version !== undefined && { version }), hashLine };
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
