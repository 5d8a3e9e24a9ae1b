/**
 * The checksum at the end of an installer, over the program and its data. A stub refuses to install when it is wrong.
 * The first 512 bytes are left out, because signing and editing a program changes them.
 * Source: NSIS 3.08, Source/exehead/fileform.c (`loadHeaders`).
 * @module
 */

import { crc32 } from "node:zlib";
import { type ByteSource, readExactly } from "@sallyport/core";
import type { OpenContext } from "../format.ts";
import { contentEnd, type FirstHeader } from "./first-header.ts";

const SKIPPED_BYTES = 512;

/** @returns what is wrong; undefined when it is right, absent, or the program around the data is not at hand */
export async function checksumProblem(
  source: ByteSource,
  first: FirstHeader,
  context: OpenContext,
): Promise<string | undefined> {
  const { carrier, offsetInParentBytes } = context;
  if (!first.hasChecksum || carrier === undefined) return undefined;
  const end = contentEnd(first);
  const claimed = (await readExactly(source, end, 4, "NSIS: checksum")).readUInt32LE(0);
  let sum = 0;
  for await (const piece of carrier.stream(SKIPPED_BYTES, offsetInParentBytes + end - SKIPPED_BYTES)) {
    context.budget.checkTime();
    sum = crc32(piece, sum);
  }
  return sum === claimed
    ? undefined
    : "does not have the checksum it gives: its own stub refuses to install it";
}
