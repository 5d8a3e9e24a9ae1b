/**
 * Memories as a document, for another machine. It is read as any other input: whoever sealed it is trusted to tell the
 * truth, not to write well.
 * @module
 */

import { type Json, UsageError } from "@sallyport/core";
import type { Identity } from "../../artifact.ts";
import type { KnownFile, KnownSignature, Sighting, Standing } from "./memory.ts";

/** Of the sealed envelope. */
export const TWINS_TYPE = "application/vnd.sallyport.twins+json";
export const MAX_TWINS_BYTES = 128 * 1024 * 1024;
const SCHEMA = "sallyport.twins/1";
const MAX_FILES = 200_000;
const MAX_SIGNATURES = 16;
const MAX_SIGHTINGS = 64;
const MAX_CHARACTERS = 500;

/** Only what was judged on this machine: what others said, they say themselves. */
export function twinsDocument(files: readonly KnownFile[]): Json {
  const own = files
    .map((file) => ({ ...file, sightings: file.sightings.filter(({ source }) => source === "") }))
    .filter(({ sightings }) => sightings.length > 0);
  if (own.length > MAX_FILES)
    throw new UsageError("usage.value", `more than ${MAX_FILES} files are remembered; forget some first`);
  return {
    schema: SCHEMA,
    files: own.map(({ sha256, sizeBytes, format, identity, signatures, sightings }) => ({
      sha256,
      sizeBytes,
      format,
      identity: { ...identity },
      signatures: signatures.map(({ content, signer, organisation, isProven }) => ({
        ...(content !== undefined && { content }),
        signer,
        ...(organisation !== undefined && { organisation }),
        isProven,
      })),
      sightings: sightings.map(({ artifact, label, path, supplier, standing, culprit, seenAt }) => ({
        artifact,
        label,
        path,
        ...(supplier !== undefined && { supplier }),
        standing,
        ...(culprit !== undefined && { culprit }),
        seenAt: seenAt.toISOString(),
      })),
    })),
  };
}

/**
 * @param source - id of the key that sealed it
 * @throws UsageError `usage.value` naming the place that is wrong; nothing of such a document is taken over
 */
export function readTwins(payload: Buffer, source: string): readonly KnownFile[] {
  const document = record(parse(payload), "document", ["schema", "files"]);
  if (document.schema !== SCHEMA) return refuse("document.schema");
  return list(document.files, "files", MAX_FILES).map((value, index) =>
    readFile(value, `files[${index}]`, source),
  );
}

function parse(payload: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(payload));
  } catch (cause) {
    throw new UsageError("usage.value", "its content is not JSON", { cause });
  }
}

function readFile(value: unknown, place: string, source: string): KnownFile {
  const file = record(value, place, ["sha256", "sizeBytes", "format", "identity", "signatures", "sightings"]);
  const { sizeBytes } = file;
  if (typeof sizeBytes !== "number" || !Number.isSafeInteger(sizeBytes) || sizeBytes < 0)
    return refuse(`${place}.sizeBytes`);
  return {
    sha256: text(file.sha256, `${place}.sha256`, SHA256),
    sizeBytes,
    format: text(file.format, `${place}.format`, /^[a-z0-9][a-z0-9.+-]{0,39}$/),
    identity: readIdentity(file.identity, `${place}.identity`),
    signatures: list(file.signatures, `${place}.signatures`, MAX_SIGNATURES).map((one, index) =>
      readSignature(one, `${place}.signatures[${index}]`),
    ),
    sightings: list(file.sightings, `${place}.sightings`, MAX_SIGHTINGS).map((one, index) =>
      readSighting(one, `${place}.sightings[${index}]`, source),
    ),
  };
}

const CLAIMS = [
  "product",
  "company",
  "version",
  "originalName",
  "architecture",
  "buildId",
  "codeDigest",
] as const satisfies readonly (keyof Identity)[];

function readIdentity(value: unknown, place: string): Identity {
  const claims = record(value, place, CLAIMS);
  return Object.fromEntries(
    CLAIMS.filter((name) => claims[name] !== undefined).map((name) => [
      name,
      text(claims[name], `${place}.${name}`),
    ]),
  );
}

function readSignature(value: unknown, place: string): KnownSignature {
  const signature = record(value, place, ["content", "signer", "organisation", "isProven"]);
  if (typeof signature.isProven !== "boolean") return refuse(`${place}.isProven`);
  return {
    content: optionalText(signature.content, `${place}.content`),
    signer: text(signature.signer, `${place}.signer`),
    organisation: optionalText(signature.organisation, `${place}.organisation`),
    isProven: signature.isProven,
  };
}

const STANDINGS: readonly Standing[] = ["admitted", "seen", "refused"];

function readSighting(value: unknown, place: string, source: string): Sighting {
  const names = ["artifact", "label", "path", "supplier", "standing", "culprit", "seenAt"];
  const sighting = record(value, place, names);
  const standing = STANDINGS.find((word) => word === sighting.standing);
  const seenAt = new Date(
    text(sighting.seenAt, `${place}.seenAt`, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  );
  if (standing === undefined) return refuse(`${place}.standing`);
  if (Number.isNaN(seenAt.getTime())) return refuse(`${place}.seenAt`);
  return {
    artifact: text(sighting.artifact, `${place}.artifact`, SHA256),
    label: text(sighting.label, `${place}.label`),
    path: text(sighting.path, `${place}.path`),
    supplier: optionalText(sighting.supplier, `${place}.supplier`),
    standing,
    culprit: optionalText(sighting.culprit, `${place}.culprit`),
    seenAt,
    source,
  };
}

const SHA256 = /^[0-9a-f]{64}$/;

function refuse(place: string): never {
  throw new UsageError("usage.value", `${place} is not what memories hold`);
}

function record(value: unknown, place: string, names: readonly string[]): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return refuse(place);
  const stranger = Object.keys(value).find((name) => !names.includes(name));
  // Own members only, so that no prototype answers for a missing one.
  return stranger === undefined
    ? Object.assign(Object.create(null), value)
    : refuse(`${place}.${stranger.slice(0, 40)}`);
}

function list(value: unknown, place: string, most: number): readonly unknown[] {
  return Array.isArray(value) && value.length <= most ? value : refuse(place);
}

function text(value: unknown, place: string, form?: RegExp): string {
  if (typeof value !== "string" || value.length > MAX_CHARACTERS) return refuse(place);
  return form === undefined || form.test(value) ? value : refuse(place);
}

const optionalText = (value: unknown, place: string): string | undefined =>
  value === undefined ? undefined : text(value, place);
