/** Puts a member's header together with what stands before it. @module */

import { ArtifactError, type Budget } from "@sallyport/core";
import { type FrontReader, isAllZero } from "../front-reader.ts";
import { LONGEST_EXTENSION_BYTES, type Overrides, parseLongText, parsePax } from "./extended.ts";
import { BLOCK_BYTES, type Header, parseHeader } from "./header.ts";

const LARGEST_OCTAL_BYTES = 0o77777777777;

export interface Entry {
  readonly name: string;
  /** The name of the header alone, which readers without pax or GNU extensions would use. */
  readonly plainName: string;
  readonly linkTarget: string;
  readonly type: string;
  readonly sizeBytes: number;
  readonly isSparse: boolean;
  /** What two readers would understand differently. */
  readonly lies: readonly string[];
}

/**
 * @returns undefined at the first block of zeros, which is taken from the reader
 * @throws {@link ArtifactError} `artifact.truncated`, `artifact.malformed`, `artifact.over-limit`
 */
export async function readEntry(reader: FrontReader, budget: Budget): Promise<Entry | undefined> {
  const lies: string[] = [];
  const lie = (because: string) => lies.push(because);
  let pax: Overrides | undefined;
  const long = new Map<string, string>();
  while (true) {
    budget.checkTime();
    const block = await reader.exactly(BLOCK_BYTES, "tar: the archive");
    if (isAllZero(block)) {
      if (pax || long.size > 0)
        throw new ArtifactError("artifact.malformed", "tar: ends between a member's name and the member");
      return undefined;
    }
    const header = parseHeader(block);
    if (!EXTENSIONS.has(header.type)) {
      await skipSparseMap(reader, budget, header);
      return combine(header, { pax: pax ?? {}, long, lies });
    }
    const bytes = await readExtension(reader, header);
    if (header.hasOddSize) lie("has a size that readers take differently");
    if (header.type === "g") judgeGlobal(parsePax(bytes, lie), lie);
    else if (header.type === "x" || header.type === "X") {
      if (pax) lie("has two extended headers");
      pax = parsePax(bytes, lie);
    } else {
      if (long.has(header.type)) lie("has two long names");
      long.set(header.type, parseLongText(bytes, lie));
    }
  }
}

/** pax, pax for all, Solaris's pax, GNU's long link target and long name. */
const EXTENSIONS: ReadonlySet<string> = new Set(["x", "g", "X", "K", "L"]);

async function readExtension(reader: FrontReader, header: Header): Promise<Buffer> {
  if (header.sizeBytes > LONGEST_EXTENSION_BYTES)
    throw new ArtifactError(
      "artifact.over-limit",
      `tar: an extended header needs ${header.sizeBytes} bytes at once`,
    );
  const bytes = await reader.exactly(header.sizeBytes, "tar: an extended header");
  await reader.exactly(paddingBytes(header.sizeBytes), "tar: an extended header");
  return bytes;
}

/** Some readers apply them to every member, others overlook them. */
function judgeGlobal(records: Overrides, lie: (because: string) => void): void {
  if (Object.keys(records).length > 0) lie("gets its name or size from a header for all members");
}

/** An old GNU sparse file has more of its map between header and data. */
async function skipSparseMap(reader: FrontReader, budget: Budget, header: Header): Promise<void> {
  for (let isMore = header.hasMoreSparse; isMore; ) {
    budget.checkTime();
    isMore = (await reader.exactly(BLOCK_BYTES, "tar: a sparse map"))[504] !== 0;
  }
}

function combine(
  header: Header,
  before: { pax: Overrides; long: ReadonlyMap<string, string>; lies: string[] },
): Entry {
  const { pax, long, lies } = before;
  const longName = long.get("L");
  const longTarget = long.get("K");
  if (longName !== undefined && pax.name !== undefined && longName !== pax.name)
    lies.push("has two long names");
  if (longTarget !== undefined && pax.linkTarget !== undefined && longTarget !== pax.linkTarget)
    lies.push("has two link targets");
  const sizeBytes = pax.sizeBytes ?? header.sizeBytes;
  // A reader without pax would see other members, so the two must agree wherever the header can say it.
  if (sizeBytes !== header.sizeBytes && sizeBytes <= LARGEST_OCTAL_BYTES) lies.push("has two sizes");
  else if (pax.sizeBytes === undefined && header.hasOddSize && header.type === "0")
    lies.push("has a size that readers take differently");
  return {
    name: pax.name ?? longName ?? header.name,
    plainName: header.name,
    linkTarget: pax.linkTarget ?? longTarget ?? header.linkTarget,
    type: header.type,
    sizeBytes,
    isSparse: pax.isSparse === true || header.type === "S",
    lies,
  };
}

/** Content is filled to whole blocks. */
export const paddingBytes = (sizeBytes: number): number =>
  (BLOCK_BYTES - (sizeBytes % BLOCK_BYTES)) % BLOCK_BYTES;
