/**
 * Do the load commands tell the truth about the file, and does nothing hide beside the code signature?
 * Source: Apple, mach-o/loader.h; the SuperBlob of xnu's cs_blobs.h.
 * @module
 */

import { type Budget, type ByteSource, readExactly } from "@sallyport/core";
import type { Finding } from "../../finding.ts";
import { cutShort, lie, worstLayoutFindings } from "../layout-findings.ts";
import type { MachHeaders } from "./headers.ts";
import { findNonZero } from "./hidden-bytes.ts";
import { areOldHashes } from "./old-hashes.ts";
import { readSegments, type Segment } from "./segments.ts";
import { codeSignatures, readTables, type Table } from "./tables.ts";

/** MH_DYLIB_STUB and MH_DSYM keep the segments of the program they were made from, without their bytes. */
const WITHOUT_CONTENT: ReadonlySet<number> = new Set([9, 10]);
const EMBEDDED_SIGNATURE = 0xfade0cc0;

export interface MachLayout {
  readonly segments: readonly Segment[];
  readonly tables: readonly Table[];
  /** End of everything the load commands claim: where an overlay begins. */
  readonly endBytes: number;
}

/** @throws {@link ArtifactError} `artifact.malformed` when a load command is too small for its kind */
export function readLayout(headers: MachHeaders): MachLayout {
  const segments = readSegments(headers);
  const tables = readTables(headers, segments);
  let endBytes = headers.endBytes;
  for (const { offsetBytes, fileBytes } of segments)
    if (fileBytes > 0) endBytes = Math.max(endBytes, offsetBytes + fileBytes);
  for (const { offsetBytes, sizeBytes } of tables) endBytes = Math.max(endBytes, offsetBytes + sizeBytes);
  return { segments, tables, endBytes };
}

/** Contradictions between the load commands and the file; none for an honest one. */
export async function examineLayout(
  source: ByteSource,
  headers: MachHeaders,
  { layout, budget }: { layout: MachLayout; budget: Budget },
): Promise<readonly Finding[]> {
  return worstLayoutFindings([
    ...(WITHOUT_CONTENT.has(headers.fileType) ? [] : segmentFindings(layout.segments, source.sizeBytes)),
    ...tableFindings(layout.tables, source.sizeBytes),
    ...slackFindings(headers),
    ...(await signatureFindings(source, headers, { layout, budget })),
  ]);
}

function segmentFindings(segments: readonly Segment[], fileBytes: number): Finding[] {
  const findings: Finding[] = [];
  let before: Segment | undefined;
  const inFile = segments.filter((segment) => segment.fileBytes > 0);
  for (const segment of inFile.toSorted((one, other) => one.offsetBytes - other.offsetBytes)) {
    const facts = { segment: segment.name, offsetBytes: segment.offsetBytes, lengthBytes: segment.fileBytes };
    if (endOf(segment) > fileBytes)
      findings.push(cutShort("a segment reaches past the end of the file", { ...facts, fileBytes }));
    if (before !== undefined && segment.offsetBytes < endOf(before))
      findings.push(lie("two segments share the same bytes of the file", { ...facts, other: before.name }));
    if (before === undefined || endOf(segment) > endOf(before)) before = segment;
  }
  return findings;
}

const tableFindings = (tables: readonly Table[], fileBytes: number): Finding[] =>
  tables
    .filter(({ offsetBytes, sizeBytes }) => offsetBytes + sizeBytes > fileBytes)
    .map(({ what, offsetBytes, sizeBytes }) =>
      cutShort("a table reaches past the end of the file", {
        table: what,
        offsetBytes,
        lengthBytes: sizeBytes,
        fileBytes,
      }),
    );

function slackFindings({ slack }: MachHeaders): Finding[] {
  if (slack.bytes.every((byte) => byte === 0)) return [];
  const facts = { offsetBytes: slack.offsetBytes, lengthBytes: slack.bytes.length };
  return [lie("bytes are hidden behind the last load command", facts)];
}

/** The signature covers neither its own padding nor what follows it: zeros, or hashes that an older one left behind. */
async function signatureFindings(
  source: ByteSource,
  headers: MachHeaders,
  { layout, budget }: { layout: MachLayout; budget: Budget },
): Promise<Finding[]> {
  const [signature, second] = codeSignatures(headers);
  if (second !== undefined)
    return [
      lie("there are two code signatures", {
        offsetBytes: second.offsetBytes,
        lengthBytes: second.sizeBytes,
      }),
    ];
  if (signature === undefined || signature.sizeBytes < 8) return [];
  const { offsetBytes, sizeBytes } = signature;
  if (offsetBytes + sizeBytes > source.sizeBytes) return [];
  const blob = await readExactly(source, offsetBytes, 8, "Mach-O: code signature");
  if (blob.readUInt32BE(0) !== EMBEDDED_SIGNATURE) return [];
  const blobBytes = blob.readUInt32BE(4);
  if (blobBytes > sizeBytes)
    return [lie("the code signature is larger than its place", { offsetBytes, lengthBytes: blobBytes })];
  const endBytes = Math.min(layout.endBytes, source.sizeBytes);
  const hidden = await findNonZero(source, { offsetBytes: offsetBytes + blobBytes, endBytes }, budget);
  if (hidden === undefined) return [];
  const rest = await readRest(source, offsetBytes + blobBytes, endBytes);
  if (rest !== undefined && (await areOldHashes(source, { codeBytes: offsetBytes, rest }, budget))) return [];
  const facts = { offsetBytes: hidden, lengthBytes: endBytes - hidden };
  const isInPlace = rest !== undefined && blobBytes + rest.length <= sizeBytes;
  return isInPlace && rest.length <= MAX_OLD_BYTES
    ? [{ check: "certificate-table", outcome: "unknown", because: LEFT_BEHIND, facts }]
    : [lie("bytes are hidden behind the code signature", facts)];
}

/** More than the place of any signature holds behind it. */
const MAX_REST_BYTES = 8 * 1024 * 1024;
/** The end of an older CMS, which may be this much longer than the newer one, and cannot be told from anything else. */
const MAX_OLD_BYTES = 16 * 1024;
const LEFT_BEHIND =
  "bytes that nothing covers stand behind the code signature, as an older and longer one leaves them";

/** Without the zeros at its end; undefined when it is too much to be looked at. */
async function readRest(source: ByteSource, from: number, until: number): Promise<Buffer | undefined> {
  if (until - from > MAX_REST_BYTES) return undefined;
  const whole = await readExactly(source, from, until - from, "Mach-O: code signature");
  let sizeBytes = whole.length;
  while (sizeBytes > 0 && whole[sizeBytes - 1] === 0) sizeBytes -= 1;
  return whole.subarray(0, sizeBytes);
}

const endOf = (segment: Segment): number => segment.offsetBytes + segment.fileBytes;
