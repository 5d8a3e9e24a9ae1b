/**
 * What is kept of an image for comparing it with another release's. Each part that cannot be read as the format
 * promises is named, and the others still stand. Source: Microsoft, PE Format.
 * @module
 */

import { type Budget, type ByteSource, readExactly } from "@sallyport/core";
import { landingOf, leavesFor } from "../../traits/executable/entry-code.ts";
import {
  type EntryPoint,
  type ExecutableFacts,
  type ExecutableRole,
  type InitialiserList,
  noNames,
  type Overlay,
} from "../../traits/executable/facts.ts";
import { lookAt } from "../../traits/executable/measure.ts";
import { boundedImports, boundedNames, MAX_CHARACTERS } from "../executable-parts.ts";
import { PartialReading } from "../partial-reading.ts";
import { architectureOf } from "./architecture.ts";
import { readBuildIdentifier } from "./build-identifier.ts";
import { readBuildMarks } from "./build-marks.ts";
import { readExports } from "./exports.ts";
import { DIRECTORY, isEfi, type PeHeaders, readPeHeaders } from "./headers.ts";
import { readImports } from "./imports.ts";
import { readReferences } from "./managed/references.ts";
import { MappedImage } from "./mapped-image.ts";
import { findOverlay } from "./overlay.ts";
import { readRegions } from "./regions.ts";
import { readResourceFacts } from "./resource-facts.ts";
import { readTlsCallbacks } from "./tls-callbacks.ts";

const ENTRY_BYTES = 64;
const LANDING_BYTES = 16;

/** @throws {@link ArtifactError} when its headers are none */
export async function readPeFacts(source: ByteSource, budget: Budget): Promise<ExecutableFacts> {
  const headers = await readPeHeaders(source);
  const image = new MappedImage(source, headers);
  const reading = new PartialReading();
  const timestamp = await readTimestamp(source, headers);
  const readLinkId = () => readBuildIdentifier(source, headers);
  const linkId = await reading.attempt("debug directory", readLinkId, undefined);
  const entry = await readEntry(image);
  const overlay = await reading.attempt("overlay", () => readOverlay(source, headers, budget), undefined);
  const facts = {
    kind: "pe",
    architecture: architectureOf(headers),
    role: roleOf(headers),
    ...((headers.directories[DIRECTORY.managed]?.address ?? 0) !== 0 && { isManaged: true }),
    ...(linkId !== undefined && { linkId }),
    ...(timestamp !== 0 && { linkedAt: timestamp }),
    regions: await reading.attempt("sections", () => readRegions(image, budget), []),
    ...(entry !== undefined && { entry }),
    ...(await reading.attempt("imports", () => readImportFacts(image, budget), NO_IMPORTS)),
    ...(await reading.attempt("exports", () => readExportFacts(image, budget), NO_EXPORTS)),
    searchPaths: noNames,
    initialisers: await reading.attempt("callbacks", () => readInitialisers(image), NO_INITIALISERS),
    ...(overlay !== undefined && { overlay }),
    resources: await reading.attempt(
      "resources",
      () => readResourceFacts(source, headers, budget),
      NO_RESOURCES,
    ),
    buildMarks: await reading.attempt("build marks", () => readBuildMarks(source, headers), {}),
  } as const;
  return { ...facts, unreadable: [...reading.unreadable].sort() };
}

const NO_IMPORTS = { imports: noNames, lateImports: noNames, libraries: noNames };
const NO_EXPORTS = { exports: noNames, forwards: noNames };
const NO_INITIALISERS = { counts: {}, entries: [] };
const NO_RESOURCES = { entries: [], count: 0 };

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
  for await (const reference of readReferences(image, budget)) all.add(reference);
  return {
    imports: boundedImports(all),
    lateImports: boundedNames(late, MAX_CHARACTERS.others),
    libraries: boundedNames(libraries, MAX_CHARACTERS.libraries),
  };
}

async function readExportFacts(image: MappedImage, budget: Budget) {
  const [names, forwards] = [new Set<string>(), new Set<string>()];
  for await (const { name, forward } of readExports(image, budget)) {
    names.add(name);
    if (forward !== undefined) forwards.add(`${name} → ${forward}`);
  }
  return {
    exports: boundedNames(names, MAX_CHARACTERS.exports),
    forwards: boundedNames(forwards, MAX_CHARACTERS.libraries),
  };
}

async function readInitialisers(image: MappedImage): Promise<InitialiserList> {
  const { callbacks, listAddress } = (await readTlsCallbacks(image)) ?? { callbacks: [], listAddress: 0 };
  if (callbacks.length === 0) return NO_INITIALISERS;
  const kind = "tls-callback";
  return {
    counts: { [kind]: callbacks.length },
    listRegions: { [kind]: image.indexAt(listAddress) },
    entries: callbacks.map((address) => ({ kind, address, region: image.indexAt(address) })),
  };
}

async function readEntry(image: MappedImage): Promise<EntryPoint | undefined> {
  const address = image.headers.entryPoint;
  if (address === 0) return undefined;
  const region = image.indexAt(address);
  const section = image.headers.sections[region];
  const code = await image.bytesAt(address, ENTRY_BYTES);
  const steps = {
    read: (at: number) => image.bytesAt(at, ENTRY_BYTES),
    isHome: (at: number) => image.indexAt(at) === region,
  };
  const outside = await leavesFor(address, architectureOf(image.headers), steps);
  const landing = await landingOf(address, architectureOf(image.headers), steps);
  return {
    address,
    ...(section !== undefined &&
      code.length > 0 && { offsetBytes: section.rawOffsetBytes + address - section.address }),
    ...(region >= 0 && { region }),
    hex: code.toString("hex"),
    ...(landing !== address && {
      landing: (await image.bytesAt(landing, LANDING_BYTES)).toString("hex"),
    }),
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
