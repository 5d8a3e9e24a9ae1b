/** Whether a signed release vouches for a file: by its own list, or through an index that it lists. @module */

import { createHash } from "node:crypto";
import { type ByteSource, type JsonObject, visitPieces } from "@sallyport/core";
import type { BroughtFile } from "../../brought.ts";
import type { VerifyContext } from "../scheme.ts";
import { findStanzas, type IndexFile, readIndexFile } from "./index-file.ts";
import { fileKey, type Release } from "./release.ts";
import type { Stanza } from "./stanza.ts";
import { compareVersions } from "./version.ts";

export interface Listing {
  readonly outcome: "pass" | "fail" | "unknown";
  readonly because: string;
  readonly facts: JsonObject;
}

const INDEX_NAME = /(^|\/)Packages(\.[a-z0-9]+)?$/;

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
  const [direct] = release.files.get(fileKey(own, source.sizeBytes)) ?? [];
  if (direct !== undefined)
    return {
      outcome: "pass",
      because: `the release lists it as ${direct}`,
      facts: { listedAs: direct, sha256 },
    };
  if (packages === undefined)
    return fail("the release does not list it; packages are listed in an index, given with --packages", {
      sha256,
    });
  const index = await readIndexFile(packages.source, release.digest, context);
  const indexPath = index.digests
    .flatMap(({ hex, sizeBytes }) => release.files.get(fileKey(hex, sizeBytes)) ?? [])
    .find((path) => INDEX_NAME.test(path));
  if (indexPath === undefined)
    return fail(`the release does not list ${packages.name}: it is of another time, or of another archive`, {
      sha256,
    });
  return findPackage(index, { sha256, sha512, sizeBytes: source.sizeBytes, indexPath });
}

interface Sought {
  readonly sha256: string;
  readonly sha512: string;
  readonly sizeBytes: number;
  readonly indexPath: string;
}

function findPackage(index: IndexFile, { sha256, sha512, sizeBytes, indexPath }: Sought): Listing {
  const facts = { sha256, index: indexPath };
  const [stanza] = [
    ...findStanzas(index.text, `SHA256: ${sha256}`),
    ...findStanzas(index.text, `SHA512: ${sha512}`),
  ].filter((one) => one.get("sha256") === sha256 || one.get("sha512") === sha512);
  if (stanza === undefined) return fail(`${indexPath} lists no package with these bytes`, facts);
  // A paragraph with both must be right about both, and about the size.
  if (
    (stanza.get("sha512") ?? sha512) !== sha512 ||
    (stanza.get("sha256") ?? sha256) !== sha256 ||
    stanza.get("size") !== String(sizeBytes)
  )
    return fail(`${indexPath} contradicts itself about this package`, facts);
  const [name = "", version = "", architecture = ""] = ["package", "version", "architecture"].map(
    (field) => stanza.get(field) ?? "",
  );
  const newest = findNewest(index, stanza);
  return {
    outcome: "pass",
    because:
      `${indexPath} lists it as ${name} ${version}` +
      (newest === version ? "" : `, and also the later version ${newest}`),
    facts: {
      ...facts,
      package: name,
      version,
      architecture,
      listedAs: stanza.get("filename") ?? "",
      newestListedVersion: newest,
    },
  };
}

/** Whoever hands out an old version that is still listed has not been caught by the signature. */
function findNewest({ text }: IndexFile, stanza: Stanza): string {
  let newest = stanza.get("version") ?? "";
  for (const other of findStanzas(text, `Package: ${stanza.get("package") ?? ""}`)) {
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

const fail = (because: string, facts: JsonObject = {}): Listing => ({ outcome: "fail", because, facts });
