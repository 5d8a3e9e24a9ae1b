/** What the tools left that made an image. Sources: Microsoft, PE Format, "Optional Header"; see `rich-header.ts`. @module */

import { type ByteSource, readExactly } from "@sallyport/core";
import type { ExecutableFacts } from "../../traits/executable/facts.ts";
import type { PeHeaders } from "./headers.ts";
import { readPdbPath } from "./pdb-path.ts";
import { readRichTools } from "./rich-header.ts";

const OPTIONAL_HEADER = 24;
const MAX_TEXT_LENGTH = 256;
const MAX_TOOLS = 64;

/** @throws {@link ArtifactError} `artifact.truncated` when a record points past the end of the file */
export async function readBuildMarks(
  source: ByteSource,
  headers: PeHeaders,
): Promise<ExecutableFacts["buildMarks"]> {
  const optional = await readExactly(
    source,
    headers.peOffsetBytes + OPTIONAL_HEADER,
    72,
    "PE: optional header",
  );
  const tools = await readRichTools(source, headers);
  const path = await readPdbPath(source, headers);
  return {
    linker: [`${optional[2] ?? 0}.${optional[3] ?? 0}`],
    platform: [`subsystem ${headers.subsystem} ${optional.readUInt16LE(48)}.${optional.readUInt16LE(50)}`],
    protections: protectionsOf(optional.readUInt16LE(70)),
    ...(tools.length > 0 && { compiler: tools.slice(0, MAX_TOOLS) }),
    ...(path !== undefined && { "build-path": [path.slice(0, MAX_TEXT_LENGTH)] }),
  };
}

/** IMAGE_DLLCHARACTERISTICS_*. */
const PROTECTIONS: readonly (readonly [number, string])[] = [
  [0x40, "aslr"],
  [0x4000, "control-flow-guard"],
  [0x100, "nx"],
];

const protectionsOf = (characteristics: number): string[] =>
  PROTECTIONS.filter(([bit]) => (characteristics & bit) !== 0).map(([, name]) => name);
