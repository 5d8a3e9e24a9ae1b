/** Whether a signed release vouches for a file: by its own list, or through an index that it lists. @module */

import { createHash } from "node:crypto";
import { type ByteSource, type JsonObject, visitPieces } from "@sallyport/core";
import type { BroughtFile } from "../../brought.ts";
import { baseName } from "../../checks/published-hash/entry.ts";
import type { VerifyContext } from "../scheme.ts";
import { shown } from "../signed-list.ts";
import { findStanzas, type IndexFile, listsName, readIndexFile } from "./index-file.ts";
import { fileKey, type Release } from "./release.ts";
import type { Stanza } from "./stanza.ts";
import { compareVersions } from "./version.ts";

export interface Listing {
  readonly outcome: "pass" | "fail" | "unknown";
  readonly because: string;
  readonly facts: JsonObject;
  /** The same index lists a later version: nothing is wrong, and it is worth a word. */
  readonly isOutdated?: boolean;
}

const INDEX_NAME = /(^|\/)(Packages|Sources)(\.[a-z0-9]+)?$/;

/** @throws ArtifactError when the index cannot be read */
export async function findListing(
  source: ByteSource,
  release: Release,
  packages: BroughtFile | undefined,
  context: VerifyContext,
): Promise<Listing> {
  if (release.digest === "weak") return fail("the release lists no digests but such as can be forged");
  const { sha256, sha512 } = await digestFile(source, context);
  const own = release.digest === "sha256" ? sha256 : sha512;
  const name = baseName(context.brought.label);
  const paths = release.files.get(fileKey(own, source.sizeBytes)) ?? [];
  const direct = paths.find((path) => baseName(path) === name) ?? paths[0];
  if (direct !== undefined && baseName(direct) !== name && hasPathNamed(release, name))
    return fail(`the release has other bytes under the name ${shown(name)}, and these as ${direct}`, {
      sha256,
    });
  if (direct !== undefined)
    return {
      outcome: "pass",
      because: `the release lists it as ${direct}`,
      facts: { listedAs: direct, sha256 },
    };
  if (packages === undefined)
    return {
      outcome: "unknown",
      because: "the release itself does not list it; packages are listed in an index, given with --packages",
      facts: { sha256 },
    };
  const index = await readIndexFile(packages.source, release.digest, context);
  const indexPath = index.digests
    .flatMap(({ hex, sizeBytes }) => release.files.get(fileKey(hex, sizeBytes)) ?? [])
    .find((path) => INDEX_NAME.test(path));
  if (indexPath === undefined)
    return silent(
      `the release does not list ${packages.name}: it is of another time, or of another archive`,
      {
        sha256,
      },
    );
  return findPackage(index, { sha256, sha512, sizeBytes: source.sizeBytes, indexPath, name });
}

function hasPathNamed({ files }: Release, name: string): boolean {
  for (const paths of files.values()) if (paths.some((path) => baseName(path) === name)) return true;
  return false;
}

interface Sought {
  readonly sha256: string;
  readonly sha512: string;
  readonly sizeBytes: number;
  readonly indexPath: string;
  /** That the file came under. */
  readonly name: string;
}

function findPackage(index: IndexFile, sought: Sought): Listing {
  const facts = { sha256: sought.sha256, index: sought.indexPath };
  const entry = findBinary(index, sought) ?? findSource(index, sought);
  if (entry === undefined && sought.name !== "" && listsName(index, sought.name))
    return fail(`${sought.indexPath} has other bytes under the name ${shown(sought.name)}`, facts);
  if (entry === undefined)
    return silent(`${sought.indexPath} lists no package with these bytes, nor under this name`, facts);
  const { stanza, listedAs } = entry;
  if (listedAs === undefined) return fail(`${sought.indexPath} contradicts itself about this package`, facts);
  const mistaken = findMistaken(index, { stanza, listedAs, name: sought.name });
  if (mistaken !== undefined) return fail(`${sought.indexPath} ${mistaken}, and these as ${listedAs}`, facts);
  const [name, version, architecture] = ["package", "version", "architecture"].map(
    (field) => stanza.get(field) ?? "",
  );
  const newest = findNewest(index, stanza);
  const isOutdated = newest !== version;
  return {
    outcome: "pass",
    because:
      `${sought.indexPath} lists it as ${name} ${version}` +
      (isOutdated ? `, and also the later version ${newest}` : ""),
    isOutdated,
    facts: {
      ...facts,
      package: name ?? "",
      version: version ?? "",
      architecture: architecture ?? "",
      listedAs,
      newestListedVersion: newest,
    },
  };
}

/**
 * Whoever hands out one package of the archive under the name of another is not caught by the signature: by the name
 * of its file, or by that of the package, whatever version is claimed.
 */
function findMistaken(
  index: IndexFile,
  { stanza, listedAs, name }: { stanza: Stanza; listedAs: string; name: string },
): string | undefined {
  if (name === "" || baseName(listedAs) === name) return undefined;
  if (listsName(index, name)) return `has other bytes under the name ${shown(name)}`;
  const [, packageName = ""] = /^([a-z0-9][a-z0-9+.-]+)_[^/]*\.u?deb$/.exec(name) ?? [];
  if (packageName === "" || packageName === stanza.get("package")) return undefined;
  const [other] = findStanzas(index.text, `Package: ${packageName}\n`);
  return other === undefined ? undefined : `has other packages under the name ${packageName}`;
}

interface Entry {
  readonly stanza: Stanza;
  /** Undefined when the paragraph says something else as well. */
  readonly listedAs: string | undefined;
}

/** One paragraph is one file; a paragraph with both digests must be right about both, and about the size. */
function findBinary({ text }: IndexFile, { sha256, sha512, sizeBytes }: Sought): Entry | undefined {
  const found = [...findStanzas(text, `SHA256: ${sha256}\n`), ...findStanzas(text, `SHA512: ${sha512}\n`)];
  const stanza = found.find((one) => one.get("sha256") === sha256 || one.get("sha512") === sha512);
  if (stanza === undefined) return undefined;
  const isConsistent =
    (stanza.get("sha512") ?? sha512) === sha512 &&
    (stanza.get("sha256") ?? sha256) === sha256 &&
    stanza.get("size") === String(sizeBytes);
  return { stanza, listedAs: isConsistent ? (stanza.get("filename") ?? "") : undefined };
}

/** One paragraph is several files, each with a line of digest, size and name. */
function findSource({ text }: IndexFile, { sha256, sizeBytes }: Sought): Entry | undefined {
  const line = `${sha256} ${sizeBytes} `;
  for (const stanza of findStanzas(text, ` ${line}`)) {
    const listed = stanza
      .get("checksums-sha256")
      ?.split("\n")
      .find((one) => one.startsWith(line));
    if (listed !== undefined) return { stanza, listedAs: listed.slice(line.length) };
  }
  return undefined;
}

/** Whoever hands out an old version that is still listed is not caught by the signature. */
function findNewest({ text }: IndexFile, stanza: Stanza): string {
  let newest = stanza.get("version") ?? "";
  for (const other of findStanzas(text, `Package: ${stanza.get("package") ?? ""}\n`)) {
    const version = other.get("version") ?? "";
    if (other.get("architecture") === stanza.get("architecture") && compareVersions(version, newest) > 0)
      newest = version;
  }
  return newest;
}

async function digestFile(source: ByteSource, { budget }: VerifyContext) {
  const hashes = { sha256: createHash("sha256"), sha512: createHash("sha512") };
  await visitPieces(source, (bytes) => {
    budget.checkTime();
    hashes.sha256.update(bytes);
    hashes.sha512.update(bytes);
  });
  return { sha256: hashes.sha256.digest("hex"), sha512: hashes.sha512.digest("hex") };
}

/** Nothing is said of the file: not that it is good, and not that it is another than it was. */
const silent = (because: string, facts: JsonObject): Listing => ({ outcome: "unknown", because, facts });

const fail = (because: string, facts: JsonObject = {}): Listing => ({ outcome: "fail", because, facts });
