/**
 * Programs, libraries, object files and kernel modules of Linux and other Unix systems.
 * Source: System V gABI, chapters 4 and 5. What the file says of itself is a claim.
 * @module
 */

import { type ByteSource, hasCode } from "@sallyport/core";
import type { Identity } from "../../artifact.ts";
import { digestCode } from "../code-digest.ts";
import type { Format, Glimpse, Member, OpenContext } from "../format.ts";
import { trailingMember } from "../trailing-bytes.ts";
import { architectureOf } from "./architecture.ts";
import { codeRanges } from "./code-ranges.ts";
import { claimedEndBytes, type ElfHeaders, readElfHeaders } from "./headers.ts";
import { examineLayout } from "./layout.ts";
import { readElfNotes } from "./notes.ts";
import { readSharedObjectName } from "./shared-object-name.ts";

export const elf: Format = {
  id: "elf",
  title: "Unix executable (ELF)",
  document: "System V gABI, chapters 4 and 5",
  recognise: ({ head }: Glimpse) => head.length >= 4 && head.readUInt32BE(0) === 0x7f454c46,
  open,
  identify,
};

async function* open(source: ByteSource, context: OpenContext): AsyncIterable<Member> {
  const headers = await readElfHeaders(source);
  for (const finding of examineLayout(headers, source.sizeBytes)) context.report(finding);
  const overlay = await trailingMember(source, claimedEndBytes(headers));
  if (overlay !== undefined) yield overlay;
}

async function identify(source: ByteSource, { budget }: OpenContext): Promise<Identity> {
  const headers = await readElfHeaders(source);
  const notes = await readElfNotes(source, headers);
  const name = await nameOf(source, headers);
  const codeDigest =
    notes.buildId === undefined ? undefined : await digestCode(source, codeRanges(headers), budget);
  return {
    ...(notes.packageName !== undefined && { product: notes.packageName }),
    ...(notes.packageVersion !== undefined && { version: notes.packageVersion }),
    ...(name !== undefined && name !== "" && { originalName: name }),
    architecture: architectureOf(headers),
    ...(notes.buildId !== undefined && { buildId: notes.buildId }),
    ...(codeDigest !== undefined && { codeDigest }),
  };
}

/** A claim that is not in the file is no claim. What the segments' lies are worth is said by the layout. */
async function nameOf(source: ByteSource, headers: ElfHeaders): Promise<string | undefined> {
  try {
    return await readSharedObjectName(source, headers);
  } catch (error) {
    if (hasCode(error, "artifact.truncated", "artifact.malformed")) return undefined;
    throw error;
  }
}
