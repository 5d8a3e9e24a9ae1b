/**
 * The files in which attestations come: Sigstore bundles, alone, in lists or as lines (GitHub), npm's attestations and
 * registry metadata, PyPI's attestations and provenance. Told by content.
 * Sources: sigstore_bundle.proto; npm, registry signatures and provenance; PyPA, index-hosted attestations (PEP 740).
 * @module
 */

import { ArtifactError, type ByteSource, type Json, readExactly } from "@sallyport/core";
import type { BroughtFile } from "../../brought.ts";
import { isJsonList, isJsonObject, listMember, member, readJson, textMember } from "../../json/read-json.ts";
import { bundleFromCosign } from "./cosign.ts";
import { bundleFromAttestation } from "./pypi.ts";
import { type RegistryRelease, readReleases } from "./registry-release.ts";

export type Attestation =
  | { readonly kind: "bundle"; readonly origin: string; readonly bundle: Json }
  | { readonly kind: "bare"; readonly origin: string; readonly signature: Buffer }
  | { readonly kind: "releases"; readonly origin: string; readonly releases: readonly RegistryRelease[] };

/** A bundle is some kilobytes; metadata of a package with thousands of versions some megabytes. */
const MAX_FILE_BYTES = 32 * 1024 * 1024;
const MAX_ATTESTATIONS = 64;

/**
 * @returns undefined for a file that is none of these
 * @throws {@link ArtifactError} `artifact.over-limit` for more than 64 attestations
 */
export async function readAttestations(file: BroughtFile): Promise<readonly Attestation[] | undefined> {
  const documents = await readDocuments(file.source);
  if (documents === undefined) return undefined;
  const found = documents.map((document) => interpret(document, file.name));
  if (found.length === 0 || found.some((one) => one === undefined)) return undefined;
  const attestations = found.flatMap((one) => one ?? []);
  if (attestations.length > MAX_ATTESTATIONS)
    throw new ArtifactError(
      "artifact.over-limit",
      `${file.name} holds more than ${MAX_ATTESTATIONS} attestations`,
    );
  return attestations;
}

/** JSON, or one JSON document on each line; undefined for anything else. */
export async function readDocuments(source: ByteSource): Promise<readonly Json[] | undefined> {
  if (source.sizeBytes < 2 || source.sizeBytes > MAX_FILE_BYTES) return undefined;
  const head = await readExactly(source, 0, 1, "the file");
  if (!/[\s{[]/.test(head.toString("latin1"))) return undefined;
  const bytes = await readExactly(source, 0, source.sizeBytes, "the file");
  try {
    return [readJson(bytes, "the file")];
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    return readLines(bytes.toString("utf8"));
  }
}

function readLines(text: string): readonly Json[] | undefined {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  if (lines.length < 2 || lines.length > MAX_ATTESTATIONS) return undefined;
  try {
    return lines.map((line) => readJson(Buffer.from(line), "a line"));
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    return undefined;
  }
}

function interpret(document: Json, origin: string): readonly Attestation[] | undefined {
  if (isBundle(document)) return [{ kind: "bundle", origin, bundle: document }];
  const old = bundleFromCosign(document);
  if (old !== undefined) return [{ kind: "bundle", origin, bundle: old }];
  const releases = readReleases(document);
  if (releases !== undefined) return [{ kind: "releases", origin, releases }];
  const parts = partsOf(document);
  if (parts === undefined || parts.length === 0) return undefined;
  const found = parts.map((part) => {
    const pypi = bundleFromAttestation(part);
    const bundle = pypi ?? member(part, "bundle") ?? memberOfResult(part) ?? part;
    return isBundle(bundle) ? { kind: "bundle" as const, origin, bundle } : undefined;
  });
  return found.every((one) => one !== undefined) ? found : undefined;
}

const BUNDLE = /^application\/vnd\.dev\.sigstore\.bundle[.+]/;

const isBundle = (document: Json): boolean => BUNDLE.test(textMember(document, "mediaType") ?? "");

/** The attestations in the lists that npm, GitHub and PyPI hand out. */
function partsOf(document: Json): readonly Json[] | undefined {
  if (isJsonList(document)) return document;
  if (!isJsonObject(document)) return undefined;
  if (bundleFromAttestation(document) !== undefined) return [document];
  const groups = listMember(document, "attestation_bundles");
  return groups === undefined
    ? listMember(document, "attestations")
    : groups.flatMap((group) => listMember(group, "attestations") ?? [null]);
}

/** `gh attestation verify --format json` wraps each bundle twice. */
const memberOfResult = (part: Json): Json | undefined => member(member(part, "attestation"), "bundle");
