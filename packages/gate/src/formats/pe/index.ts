/**
 * Windows programs, libraries and drivers, and EFI images.
 * Source: Microsoft, PE Format. What the file says of itself is a claim.
 * @module
 */

import { type ByteSource, hasCode, readExactly } from "@sallyport/core";
import type { Identity } from "../../artifact.ts";
import { digestCode } from "../code-digest.ts";
import type { Format, Glimpse, Member, OpenContext } from "../format.ts";
import { architectureOf } from "./architecture.ts";
import { readBuildIdentifier } from "./build-identifier.ts";
import { carriedMembers, memberAt } from "./carried.ts";
import { codeRanges } from "./code-ranges.ts";
import { findDisplaced } from "./displaced.ts";
import { type PeHeaders, readPeHeaders } from "./headers.ts";
import { examineLayout } from "./layout.ts";
import { resourceMembers } from "./resource-members.ts";
import { findResource, RESOURCE_TYPE } from "./resources.ts";
import { MAX_VERSION_BYTES, readVersionStrings, type VersionStrings } from "./version-information.ts";

export const pe: Format = {
  id: "pe",
  title: "Windows or EFI executable (PE)",
  document: "Microsoft, PE Format",
  recognise,
  open,
  identify,
};

/** A DOS program begins with MZ as well, but points at no PE mark. */
function recognise({ head, sizeBytes }: Glimpse): boolean {
  if (head.length < 64 || head.readUInt16LE(0) !== 0x5a4d) return false;
  const offset = head.readUInt32LE(0x3c);
  if (offset + 4 <= head.length) return head.readUInt32LE(offset) === 0x4550;
  // Beyond what the glimpse shows: an unusually long DOS stub, or a DOS program whose field means something else.
  return offset % 4 === 0 && offset + 24 <= sizeBytes;
}

/**
 * In a DOS program whose header ends before it, the field that would point at the PE mark is code. Windows does not
 * ask where the header ends, so only the mark itself tells.
 */
async function isDosProgram(source: ByteSource): Promise<boolean> {
  const dos = await readExactly(source, 0, DOS_HEADER_BYTES, "PE: DOS header");
  if (dos.readUInt16LE(0x18) >= DOS_HEADER_BYTES) return false;
  const mark = await readExactly(source, dos.readUInt32LE(0x3c), 4, "PE: mark");
  return mark.readUInt32LE(0) !== 0x4550;
}

const DOS_HEADER_BYTES = 64;

async function* open(source: ByteSource, context: OpenContext): AsyncIterable<Member> {
  if (await isDosProgram(source)) return context.refineFormat("dos-program");
  const headers = await readPeHeaders(source);
  const displaced = await findDisplaced(source, headers);
  for (const finding of examineLayout(headers, source.sizeBytes, displaced)) context.report(finding);
  yield* resourceMembers(source, headers, context);
  yield* archiveSections(source, headers);
  yield* carriedMembers(source, headers);
}

/** WinZip's self-extractors keep their archive in a section of its own. Nobody runs it, and everybody may look for it. */
function* archiveSections(source: ByteSource, { sections }: PeHeaders): Generator<Member> {
  for (const { name, rawOffsetBytes, rawSizeBytes } of sections) {
    if (name !== ARCHIVE_SECTION || rawOffsetBytes + rawSizeBytes > source.sizeBytes) continue;
    const range = { offsetBytes: rawOffsetBytes, sizeBytes: rawSizeBytes };
    yield { ...memberAt(source, `section ${name}`, range), isCarried: true, carrier: source };
  }
}

const ARCHIVE_SECTION = "_winzip_";

async function identify(source: ByteSource, { budget }: OpenContext): Promise<Identity> {
  if (await isDosProgram(source)) return {};
  const headers = await readPeHeaders(source);
  const strings = (await orAbsent(readStrings(source, headers))) ?? new Map<string, string>();
  const buildId = await orAbsent(readBuildIdentifier(source, headers));
  const codeDigest =
    buildId === undefined ? undefined : await digestCode(source, codeRanges(headers), budget);
  return {
    ...claim("product", strings.get("ProductName")),
    ...claim("company", strings.get("CompanyName")),
    ...claim("version", strings.get("ProductVersion") || strings.get("FileVersion")),
    ...claim("originalName", strings.get("OriginalFilename")),
    ...claim("architecture", architectureOf(headers)),
    ...claim("buildId", buildId),
    ...claim("codeDigest", codeDigest),
  };
}

async function readStrings(source: ByteSource, headers: PeHeaders): Promise<VersionStrings | undefined> {
  const range = await findResource(source, headers, RESOURCE_TYPE.version);
  if (range === undefined) return undefined;
  const sizeBytes = Math.min(range.sizeBytes, MAX_VERSION_BYTES);
  return readVersionStrings(await readExactly(source, range.offsetBytes, sizeBytes, "PE: version resource"));
}

/** Claims in a broken resource are no claims. Windows would not show them either. */
async function orAbsent<Value>(reading: Promise<Value>): Promise<Value | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (hasCode(error, "artifact.truncated", "artifact.malformed")) return undefined;
    throw error;
  }
}

function claim<Name extends keyof Identity>(name: Name, value: string | undefined): Pick<Identity, Name> {
  return (value === undefined || value === "" ? {} : { [name]: value }) as Pick<Identity, Name>;
}
