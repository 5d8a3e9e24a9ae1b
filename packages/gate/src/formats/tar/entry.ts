/** Puts a member's header together with what stands before it. @module */

import { ArtifactError, type Budget } from "@sallyport/core";
import { type FrontReader, isAllZero } from "../front-reader.ts";
import type { ClaimedAttributes } from "../member-attributes.ts";
import { LONGEST_EXTENSION_BYTES, type Overrides, parseLongText, parsePax } from "./extended.ts";
import { BLOCK_BYTES, type Header, parseHeader } from "./header.ts";
import type { Sparse } from "./sparse.ts";
import { readGnuMap } from "./sparse-gnu.ts";

const LARGEST_OCTAL_BYTES = 0o77777777777;

export interface Entry {
  readonly name: string;
  /** Those that readers without pax, or without some of GNU's extensions, would use. */
  readonly plainNames: readonly string[];
  readonly linkTarget: string;
  readonly type: string;
  readonly sizeBytes: number;
  readonly sparse: Sparse | undefined;
  readonly claims: ClaimedAttributes;
  /** What two readers would understand differently. */
  readonly lies: readonly string[];
}

/**
 * @returns undefined at the first block of zeros, which is taken from the reader
 * @throws {@link ArtifactError} `artifact.truncated`, `artifact.malformed`, `artifact.over-limit`
 */
export async function readEntry(reader: FrontReader, budget: Budget): Promise<Entry | undefined> {
  const lies: string[] = [];
  const lie = (because: string) => {
    if (!lies.includes(because)) lies.push(because);
  };
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
      const isSparse = header.type === "S" && header.isGnu;
      const map = isSparse ? await readGnuMap(block, reader, { budget, lie }) : undefined;
      return combine(header, { pax: pax ?? {}, long, lies }, map);
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

function combine(
  header: Header,
  before: { pax: Overrides; long: ReadonlyMap<string, string>; lies: string[] },
  gnuMap: Sparse | undefined,
): Entry {
  const { pax, long, lies } = before;
  const longName = long.get("L");
  const longTarget = long.get("K");
  if (longName !== undefined && pax.name !== undefined && longName !== pax.name)
    lies.push("has two long names");
  if (longTarget !== undefined && pax.linkTarget !== undefined && longTarget !== pax.linkTarget)
    lies.push("has two link targets");
  if (gnuMap !== undefined && pax.sparse !== undefined) lies.push("has two sparse maps");
  const sizeBytes = pax.sizeBytes ?? header.sizeBytes;
  // A reader without pax would see other members, so the two must agree wherever the header can say it.
  if (sizeBytes !== header.sizeBytes && sizeBytes <= LARGEST_OCTAL_BYTES) lies.push("has two sizes");
  else if (pax.sizeBytes === undefined && header.hasOddSize && header.type === "0")
    lies.push("has a size that readers take differently");
  return {
    name: pax.name ?? longName ?? header.name,
    plainNames: [header.name, ...(pax.plainName === undefined ? [] : [pax.plainName])],
    linkTarget: pax.linkTarget ?? longTarget ?? header.linkTarget,
    type: header.type,
    sizeBytes,
    sparse: gnuMap ?? pax.sparse,
    claims: {
      mode: header.mode,
      modifiedSeconds: pax.modifiedSeconds ?? header.modifiedSeconds,
      capabilities: pax.capabilities,
    },
    lies,
  };
}

/** Content is filled to whole blocks. */
export const paddingBytes = (sizeBytes: number): number =>
  (BLOCK_BYTES - (sizeBytes % BLOCK_BYTES)) % BLOCK_BYTES;
