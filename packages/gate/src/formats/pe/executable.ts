/**
 * What is kept of an image for comparing it with another release's. Each part that cannot be read as the format
 * promises is named, and the others still stand. Source: Microsoft, PE Format.
 * @module
 */

import { type Budget, type ByteSource, hasCode, readExactly } from "@sallyport/core";
import { leavesFor } from "../../traits/executable/entry-code.ts";
import {
  type EntryPoint,
  type ExecutableFacts,
  type ExecutableRole,
  type InitialiserList,
  noNames,
  type Overlay,
} from "../../traits/executable/facts.ts";
import { lookAt } from "../../traits/executable/measure.ts";
import { nameList } from "../../traits/executable/names.ts";
import { architectureOf } from "./architecture.ts";
import { readBuildIdentifier } from "./build-identifier.ts";
import { readBuildMarks } from "./build-marks.ts";
import { readExports } from "./exports.ts";
import { DIRECTORY, isEfi, type PeHeaders, readPeHeaders } from "./headers.ts";
import { readImports } from "./imports.ts";
import { MappedImage } from "./mapped-image.ts";
import { findOverlay } from "./overlay.ts";
import { readRegions } from "./regions.ts";
import { readResourceFacts } from "./resource-facts.ts";
import { readTlsCallbacks } from "./tls-callbacks.ts";

const MAX_IMPORTS = 4000;
const MAX_EXPORTS = 2000;
const ENTRY_BYTES = 64;

/** @throws {@link ArtifactError} when its headers are none */
export async function readPeFacts(source: ByteSource, budget: Budget): Promise<ExecutableFacts> {
  const headers = await readPeHeaders(source);
  const image = new MappedImage(source, headers);
  const unreadable: string[] = [];
  const attempt = async <Value>(what: string, reading: Promise<Value>, otherwise: Value): Promise<Value> => {
    try {
      return await reading;
    } catch (error) {
      if (!hasCode(error, "artifact.truncated", "artifact.malformed") && !isOwnLimit(error)) throw error;
      unreadable.push(what);
      return otherwise;
    }
  };
  const timestamp = await readTimestamp(source, headers);
  const linkId = await attempt("debug directory", readBuildIdentifier(source, headers), undefined);
  const entry = await readEntry(image);
  const overlay = await attempt("overlay", readOverlay(source, headers, budget), undefined);
  return {
    kind: "pe",
    architecture: architectureOf(headers),
    role: roleOf(headers),
    ...((headers.directories[DIRECTORY.managed]?.address ?? 0) !== 0 && { isManaged: true }),
    ...(linkId !== undefined && { linkId }),
    ...(timestamp !== 0 && { linkedAt: timestamp }),
    regions: await attempt("sections", readRegions(image, budget), []),
    ...(entry !== undefined && { entry }),
    ...(await attempt("imports", readImportFacts(image, budget), NO_IMPORTS)),
    ...(await attempt("exports", readExportFacts(image, budget), { exports: noNames, forwards: noNames })),
    searchPaths: noNames,
    initialisers: await attempt("TLS callbacks", readInitialisers(image), { counts: {}, entries: [] }),
    ...(overlay !== undefined && { overlay }),
    resources: await attempt("resources", readResourceFacts(source, headers, budget), NO_RESOURCES),
    buildMarks: await attempt("build marks", readBuildMarks(source, headers), {}),
    unreadable: unreadable.sort(),
  };
}

const NO_IMPORTS = { imports: noNames, lateImports: noNames, libraries: noNames };
const NO_RESOURCES = { entries: [], count: 0 };

/** A limit of the whole budget has a name; a reader's own has none, and ends only that reading. */
const isOwnLimit = (error: unknown): boolean =>
  hasCode(error, "artifact.over-limit") && error.facts.limit === undefined;

const readTimestamp = async (source: ByteSource, { peOffsetBytes }: PeHeaders): Promise<number> =>
  (await readExactly(source, peOffsetBytes + 8, 4, "PE: file header")).readUInt32LE(0);

function roleOf(headers: PeHeaders): ExecutableRole {
  if (isEfi(headers)) return "firmware";
  if (headers.subsystem === NATIVE) return "driver";
  return (headers.characteristics & IS_LIBRARY) !== 0 ? "library" : "program";
}

/** IMAGE_SUBSYSTEM_NATIVE, IMAGE_FILE_DLL. */
const NATIVE = 1;
const IS_LIBRARY = 0x2000;

async function readImportFacts(image: MappedImage, budget: Budget) {
  const [all, late, libraries] = [new Set<string>(), new Set<string>(), new Set<string>()];
  for await (const { library, name, isLate } of readImports(image, budget)) {
    all.add(`${library}!${name}`);
    if (isLate) late.add(`${library}!${name}`);
    libraries.add(library);
  }
  return {
    imports: nameList(all, MAX_IMPORTS),
    lateImports: nameList(late, MAX_IMPORTS / 4),
    libraries: nameList(libraries, MAX_IMPORTS / 4),
  };
}

async function readExportFacts(image: MappedImage, budget: Budget) {
  const [names, forwards] = [new Set<string>(), new Set<string>()];
  for await (const { name, forward } of readExports(image, budget)) {
    names.add(name);
    if (forward !== undefined) forwards.add(`${name} → ${forward}`);
  }
  return { exports: nameList(names, MAX_EXPORTS), forwards: nameList(forwards, MAX_EXPORTS) };
}

async function readInitialisers(image: MappedImage): Promise<InitialiserList> {
  const callbacks = await readTlsCallbacks(image);
  if (callbacks.length === 0) return { counts: {}, entries: [] };
  return {
    counts: { "tls-callback": callbacks.length },
    entries: callbacks.map((address) => ({ kind: "tls-callback", address, region: image.indexAt(address) })),
  };
}

async function readEntry(image: MappedImage): Promise<EntryPoint | undefined> {
  const address = image.headers.entryPoint;
  if (address === 0) return undefined;
  const region = image.indexAt(address);
  const section = image.headers.sections[region];
  const code = await image.bytesAt(address, ENTRY_BYTES);
  const outside = await leavesFor(address, architectureOf(image.headers), {
    read: (at) => image.bytesAt(at, ENTRY_BYTES),
    isHome: (at) => image.indexAt(at) === region,
  });
  return {
    address,
    ...(section !== undefined &&
      code.length > 0 && { offsetBytes: section.rawOffsetBytes + address - section.address }),
    ...(region >= 0 && { region }),
    hex: code.toString("hex"),
    ...(outside !== undefined && { leadsTo: image.indexAt(outside) }),
  };
}

async function readOverlay(
  source: ByteSource,
  headers: PeHeaders,
  budget: Budget,
): Promise<Overlay | undefined> {
  const range = await findOverlay(source, headers);
  return range === undefined ? undefined : { ...range, ...(await lookAt(source, range, budget)) };
}
