/**
 * Where the containers of a WiX bundle lie: its stub has a section of its own that says so.
 * Source: WiX Toolset, src/burn/engine/section.cpp (`BURN_SECTION_HEADER`, `SectionGetAttachedContainerInfo`), in
 * versions 3 and 4, which differ in nothing that is read here.
 * @module
 */

import { ArtifactError, type ByteSource, readExactly } from "@sallyport/core";
import { type PeHeaders, readPeHeaders } from "../pe/headers.ts";

const SECTION_NAME = ".wixburn";
const MAGIC = 0x00f1_4300;
const VERSIONS: ReadonlySet<number> = new Set([2, 3]);
const FIXED_BYTES = 48;
const MOST_CONTAINERS = 1024;
/** Containers are cabinets. */
const CABINETS = 1;

export interface BurnSection {
  /** The bootstrapper application and the manifest, right behind the stub. */
  readonly application: Range;
  /** The engine's own signature, from before the containers were attached. */
  readonly signature: Range | undefined;
  /** By their index, from 1 on. */
  readonly containers: readonly Range[];
}

export interface Range {
  readonly start: number;
  readonly end: number;
}

export const findBurnSection = ({ sections }: PeHeaders) =>
  sections.find(({ name }) => name === SECTION_NAME);

/** @throws {@link ArtifactError} `artifact.malformed`, `artifact.unsupported` for another version of the section */
export async function readBurnSection(program: ByteSource): Promise<BurnSection | undefined> {
  const headers = await readPeHeaders(program);
  const section = findBurnSection(headers);
  if (section === undefined) return undefined;
  const fixed = await readExactly(program, section.rawOffsetBytes, FIXED_BYTES, WHAT);
  if (fixed.readUInt32LE(0) !== MAGIC) throw malformed("does not begin with its mark");
  if (!VERSIONS.has(fixed.readUInt32LE(4)))
    throw new ArtifactError("artifact.unsupported", `${WHAT} has the version ${fixed.readUInt32LE(4)}`);
  if (fixed.readUInt32LE(40) !== CABINETS)
    throw new ArtifactError("artifact.unsupported", `${WHAT} speaks of containers that are no cabinets`);
  const count = fixed.readUInt32LE(44);
  if (count === 0 || count > MOST_CONTAINERS || FIXED_BYTES + count * 4 > section.rawSizeBytes)
    throw malformed("counts containers that it does not hold");
  const table = await readExactly(program, section.rawOffsetBytes + FIXED_BYTES, count * 4, WHAT);
  const sizes = Array.from({ length: count }, (_, index) => table.readUInt32LE(index * 4));
  return place(fixed, sizes, headers);
}

function place(fixed: Buffer, sizes: readonly number[], headers: PeHeaders): BurnSection {
  const stub = fixed.readUInt32LE(24);
  const application = { start: stub, end: stub + (sizes[0] ?? 0) };
  const signatureOffset = fixed.readUInt32LE(32);
  const signature =
    signatureOffset === 0
      ? undefined
      : { start: signatureOffset, end: signatureOffset + fixed.readUInt32LE(36) };
  // The engine, when it was signed at all, counts with its signature; without one of its own, the bundle's counts.
  const own = headers.certificateTable;
  let start = signature?.end ?? (own === undefined ? application.end : own.offsetBytes + own.sizeBytes);
  const containers = sizes.slice(1).map((sizeBytes) => {
    const range = { start, end: start + sizeBytes };
    start = range.end;
    return range;
  });
  return { application, signature, containers };
}

const WHAT = "WiX bundle: the section";
const malformed = (what: string): ArtifactError => new ArtifactError("artifact.malformed", `${WHAT} ${what}`);
