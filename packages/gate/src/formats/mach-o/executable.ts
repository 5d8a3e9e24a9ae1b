/**
 * What is kept of a Mach-O file or slice for comparing it with another release's.
 * Source: Apple, mach-o/loader.h, mach-o/nlist.h, mach-o/fixup-chains.h.
 * @module
 */

import { type Budget, type ByteSource, readExactly } from "@sallyport/core";
import type { ExecutableFacts, ExecutableRole, Region } from "../../traits/executable/facts.ts";
import {
  boundedImports,
  boundedNames,
  initialiserList,
  MAX_CHARACTERS,
  markValues,
  presentMarks,
  readEntry,
  readOverlay,
} from "../executable-parts.ts";
import { measureRegions } from "../executable-regions.ts";
import { readGoVersion } from "../go-build-information.ts";
import { PartialReading } from "../partial-reading.ts";
import { type MachHeaders, readMachHeaders, readMark } from "./headers.ts";
import { identifyThin } from "./identity.ts";
import { readInitialisers } from "./initialisers.ts";
import { readLayout } from "./layout.ts";
import { readLinkage } from "./linkage.ts";
import { readBeginning, readLibraries, readPlatforms, readSearchPaths, readTools } from "./loading.ts";
import { Memory } from "./memory.ts";
import { architectureOf } from "./processors.ts";
import { findGap, planRegions } from "./regions.ts";
import { readSegments, type Segment } from "./segments.ts";

/**
 * @returns undefined for a universal file: each of its slices is a member of its own
 * @throws {@link ArtifactError} when its headers are none
 */
export async function readMachFacts(
  source: ByteSource,
  budget: Budget,
): Promise<ExecutableFacts | undefined> {
  const head = await readExactly(source, 0, Math.min(4, source.sizeBytes), "Mach-O: mark");
  if (readMark(head) === undefined) return undefined;
  const headers = await readMachHeaders(source);
  const segments = readSegments(headers);
  const memory = new Memory(segments);
  const reading = new PartialReading();
  const { unreadable } = reading;
  const plans = [...planRegions(segments), ...(await findGap(source, headers, segments))];
  const regions = await measureRegions(plans, { source, budget, unreadable });
  const libraries = readLibraries(headers);
  const { baseAddress } = memory;
  const linkage = await readLinkage(source, { headers, libraries, baseAddress }, { reading, budget });
  const initialisers = await reading.attempt(
    "initialisers",
    () => readInitialisers(source, { headers, segments, memory, pointerFormats: linkage.pointerFormats }),
    [],
  );
  const resolvers = linkage.resolvers.map((address) => ({ kind: "ifunc", address }));
  const { buildId } = await identifyThin(source, headers);
  const entry = await entryOf(source, headers, { memory, regions });
  const overlay = await reading.attempt(
    "overlay",
    () => readOverlay(source, readLayout(headers).endBytes, budget),
    undefined,
  );
  return {
    kind: "mach-o",
    architecture: architectureOf(headers.processor),
    role: roleOf(headers),
    ...(buildId !== undefined && { linkId: buildId }),
    regions,
    ...(entry !== undefined && { entry }),
    imports: boundedImports(linkage.imports),
    lateImports: boundedNames(linkage.lateImports, MAX_CHARACTERS.others),
    exports: boundedNames(linkage.exports, MAX_CHARACTERS.exports),
    forwards: boundedNames(linkage.forwards, MAX_CHARACTERS.others),
    libraries: boundedNames(libraries, MAX_CHARACTERS.libraries),
    searchPaths: boundedNames(readSearchPaths(headers), MAX_CHARACTERS.others),
    initialisers: initialiserList([...initialisers, ...resolvers], regions),
    ...(overlay !== undefined && { overlay }),
    resources: { entries: [], count: 0 },
    buildMarks: await reading.attempt("build marks", () => readMarks(source, { headers, segments }), {}),
    unreadable: [...unreadable].sort(),
  };
}

async function entryOf(
  source: ByteSource,
  headers: MachHeaders,
  { memory, regions }: { memory: Memory; regions: readonly Region[] },
): Promise<ExecutableFacts["entry"]> {
  const beginning = readBeginning(headers);
  if (beginning === undefined) return undefined;
  const address = beginning.address ?? memory.baseAddress + (beginning.offsetBytes ?? 0);
  return Number.isSafeInteger(address)
    ? readEntry(source, {
        address,
        architecture: architectureOf(headers.processor),
        regions,
        offsetOf: (at) => memory.offsetOf(at),
      })
    : undefined;
}

/** MH_*. */
const ROLES: ReadonlyMap<number, ExecutableRole> = new Map([
  [1, "object"],
  [2, "program"],
  [6, "library"],
  [8, "library"],
  [9, "library"],
  [11, "driver"],
]);

const roleOf = ({ fileType }: MachHeaders): ExecutableRole => ROLES.get(fileType) ?? "object";

const LINKERS: ReadonlySet<string> = new Set(["ld", "lld"]);

async function readMarks(
  source: ByteSource,
  { headers, segments }: { headers: MachHeaders; segments: readonly Segment[] },
): Promise<ExecutableFacts["buildMarks"]> {
  const tools = readTools(headers);
  const text = (isLinker: boolean): string[] =>
    tools
      .filter(({ name }) => LINKERS.has(name) === isLinker)
      .map(({ name, version }) => `${name} ${version}`);
  const go = segments.flatMap(({ sections }) => sections).find(({ name }) => name === "__go_buildinfo");
  const goVersion = go === undefined ? undefined : await readGoVersion(source, go);
  return presentMarks({
    linker: markValues(text(true)),
    compiler: markValues(goVersion === undefined ? text(false) : [...text(false), goVersion]),
    platform: markValues(readPlatforms(headers)),
  });
}
