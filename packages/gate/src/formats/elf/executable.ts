/**
 * What is kept of an ELF file for comparing it with another release's.
 * Source: System V gABI, chapters 4 and 5; what the loader of glibc does with them.
 * @module
 */

import { type Budget, type ByteSource, readExactly } from "@sallyport/core";
import {
  type ExecutableFacts,
  type ExecutableRole,
  noNames,
  type Region,
} from "../../traits/executable/facts.ts";
import {
  boundedImports,
  boundedNames,
  initialiserList,
  MAX_CHARACTERS,
  readEntry,
  readOverlay,
} from "../executable-parts.ts";
import { measureRegions } from "../executable-regions.ts";
import { PartialReading } from "../partial-reading.ts";
import { architectureOf } from "./architecture.ts";
import { readBuildMarks } from "./build-marks.ts";
import { claimedEndBytes, type ElfHeaders, readElfHeaders } from "./headers.ts";
import { readLinkage } from "./linkage.ts";
import { Memory } from "./memory.ts";
import { readElfNotes } from "./notes.ts";
import { type NamedSection, nameSections, planRegions, REST_OF_SEGMENT } from "./sections.ts";

/** @throws {@link ArtifactError} when its headers are none */
export async function readElfFacts(source: ByteSource, budget: Budget): Promise<ExecutableFacts> {
  const headers = await readElfHeaders(source);
  const reading = new PartialReading();
  const memory = new Memory(headers);
  const sections = await reading.attempt("section names", () => nameSections(source, headers), []);
  const { unreadable } = reading;
  const measured = await reading.attempt(
    "regions",
    () => measureRegions(planRegions(headers, sections), { source, budget, unreadable }),
    [],
  );
  const regions = measured.filter((region) => !isFilling(region));
  const linkage = await readLinkage(source, { headers, sections, memory }, { reading, budget });
  const loader = await reading.attempt("loader", () => readLoader(source, headers), undefined);
  const notes = await reading.attempt("notes", () => readElfNotes(source, headers), {});
  const role = roleOf(headers, { sections, hasLoader: loader !== undefined, isProgram: linkage.isProgram });
  // Linkers write an entry point into libraries as well; nothing ever runs it.
  const entry = role === "program" ? headers.entryAddress : 0;
  return {
    kind: "elf",
    architecture: architectureOf(headers),
    role,
    ...(notes.buildId !== undefined && { linkId: notes.buildId }),
    regions,
    ...(entry !== 0 && {
      entry: await readEntry(source, {
        address: entry,
        architecture: architectureOf(headers),
        regions,
        offsetOf: (address) => memory.offsetOf(address),
      }),
    }),
    imports: boundedImports(linkage.imports),
    lateImports: boundedNames(linkage.lateImports, MAX_CHARACTERS.others),
    exports: boundedNames(linkage.exports, MAX_CHARACTERS.exports),
    forwards: noNames,
    libraries: boundedNames(linkage.libraries, MAX_CHARACTERS.libraries),
    searchPaths: boundedNames(linkage.searchPaths, MAX_CHARACTERS.others),
    initialisers: initialiserList(linkage.initialisers, regions),
    ...(await overlayOf(source, headers, { reading, budget })),
    resources: { entries: [], count: 0 },
    buildMarks: await reading.attempt("build marks", () => readBuildMarks(source, sections, loader), {}),
    unreadable: [...unreadable].sort(),
  };
}

/** Tools that move sections about fill a segment up to its alignment: one repeated byte says nothing. */
const isFilling = ({ name, entropy }: Region): boolean => name.startsWith(REST_OF_SEGMENT) && entropy === 0;

async function overlayOf(
  source: ByteSource,
  headers: ElfHeaders,
  { reading, budget }: { reading: PartialReading; budget: Budget },
): Promise<Pick<ExecutableFacts, "overlay">> {
  const overlay = await reading.attempt(
    "overlay",
    () => readOverlay(source, claimedEndBytes(headers), budget),
    undefined,
  );
  return overlay === undefined ? {} : { overlay };
}

const RELOCATABLE = 1;
const PROGRAM = 2;
const SHARED = 3;

function roleOf(
  { type }: ElfHeaders,
  claims: { sections: readonly NamedSection[]; hasLoader: boolean; isProgram: boolean },
): ExecutableRole {
  if (type === PROGRAM) return "program";
  if (type === SHARED) return claims.hasLoader || claims.isProgram ? "program" : "library";
  const isModule = type === RELOCATABLE && claims.sections.some(({ name }) => name === ".modinfo");
  return isModule ? "driver" : "object";
}

const PT_INTERP = 3;
const MAX_LOADER_BYTES = 4096;

/** PT_INTERP: the program that loads this one, and so can do as it likes with it. */
async function readLoader(source: ByteSource, { segments }: ElfHeaders): Promise<string | undefined> {
  const segment = segments.find(({ type }) => type === PT_INTERP);
  if (segment === undefined) return undefined;
  const sizeBytes = Math.min(segment.fileBytes, MAX_LOADER_BYTES);
  const bytes = await readExactly(source, segment.offsetBytes, sizeBytes, "ELF: loader");
  const end = bytes.indexOf(0);
  return bytes.toString("utf8", 0, end < 0 ? bytes.length : end);
}
