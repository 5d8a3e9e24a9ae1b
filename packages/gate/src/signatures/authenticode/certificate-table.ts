/**
 * The attribute certificate table of a PE, walked by our own rules: no byte in it may be unaccounted for. Windows
 * reads past bytes hidden here (CVE-2013-3900), and the 3CX trojan carried its payload in such a place.
 * Source: Microsoft, PE Format, "The Attribute Certificate Table".
 * @module
 */

import { type ByteSource, hasCode, readExactly } from "@sallyport/core";
import { derLength, TAG } from "../../asn1/der.ts";
import type { Finding } from "../../finding.ts";
import { findArchiveEnd } from "../../formats/archive-end.ts";
import { cutShort } from "../../formats/layout-findings.ts";
import { type FileRange, imageEndBytes, isEfi, type PeHeaders } from "../../formats/pe/headers.ts";

/** One WIN_CERTIFICATE's PKCS#7, and where it stands. */
export interface SignatureBlob {
  readonly der: Buffer;
  readonly offsetBytes: number;
}

export interface TableWalk {
  readonly blobs: readonly SignatureBlob[];
  /** Rules that do not hold, all of check `certificate-table`. */
  readonly findings: readonly Finding[];
}

const HEADER_BYTES = 8;
const REVISION_2 = 0x0200;
const PKCS_SIGNED_DATA = 0x0002;
/** An EFI image carries two or three. More are only there to keep us busy. */
const MAX_ENTRIES = 32;
/** Larger than any signature with page hashes of a 2 GB image, and less than may be held at once. */
const MAX_ENTRY_BYTES = 32 * 1024 * 1024;

/**
 * Walks the table. An unsigned image has none: no blobs, no findings.
 * @throws {@link ArtifactError} `artifact.truncated` when the file shrinks while it is read
 */
export async function walkCertificateTable(source: ByteSource, headers: PeHeaders): Promise<TableWalk> {
  const table = headers.certificateTable;
  if (table === undefined) return { blobs: [], findings: [] };
  if (await isCutShort(source, table))
    return {
      blobs: [],
      findings: [
        cutShort("the signature reaches past the end of the file", { ...table, fileBytes: source.sizeBytes }),
      ],
    };
  const findings: Finding[] = placementFindings(table, headers, source.sizeBytes);
  const blobs: SignatureBlob[] = [];
  const end = Math.min(table.offsetBytes + table.sizeBytes, source.sizeBytes);
  let at = table.offsetBytes;
  while (at + HEADER_BYTES <= end && blobs.length < MAX_ENTRIES) {
    const entry = await readEntry(source, at, end);
    findings.push(...entry.findings);
    if (entry.blob !== undefined) blobs.push(entry.blob);
    if (entry.nextBytes === undefined) return { blobs, findings };
    at = entry.nextBytes;
  }
  if (at !== table.offsetBytes + table.sizeBytes)
    findings.push(
      hidden(
        "T3",
        "bytes in the certificate table belong to no entry",
        at,
        table.offsetBytes + table.sizeBytes - at,
      ),
    );
  if (blobs.length !== 1 && !isEfi(headers))
    findings.push(
      hidden(
        "T5",
        `the certificate table holds ${blobs.length} entries where one is allowed`,
        table.offsetBytes,
        table.sizeBytes,
      ),
    );
  return { blobs, findings };
}

/** A download that broke off ends inside the first entry or before it. An entry that is whole is not cut: T2 judges it. */
async function isCutShort(source: ByteSource, { offsetBytes, sizeBytes }: FileRange): Promise<boolean> {
  if (offsetBytes + sizeBytes <= source.sizeBytes) return false;
  if (offsetBytes + HEADER_BYTES > source.sizeBytes) return true;
  const header = await readExactly(source, offsetBytes, HEADER_BYTES, "WIN_CERTIFICATE");
  const entryBytes = header.readUInt32LE(0);
  return entryBytes <= sizeBytes && offsetBytes + entryBytes > source.sizeBytes;
}

/** T1 and T2: behind everything else, and nothing behind it. */
function placementFindings(table: FileRange, headers: PeHeaders, fileBytes: number): Finding[] {
  const findings: Finding[] = [];
  const { offsetBytes, sizeBytes } = table;
  if (offsetBytes % 8 !== 0)
    findings.push(hidden("T1", "the certificate table is not on an 8-byte boundary", offsetBytes, sizeBytes));
  const imageEnd = imageEndBytes(headers);
  if (offsetBytes < imageEnd)
    findings.push(
      hidden(
        "T1",
        "the certificate table lies inside the image, which the signature then does not cover",
        offsetBytes,
        imageEnd - offsetBytes,
      ),
    );
  const end = offsetBytes + sizeBytes;
  if (end < fileBytes)
    findings.push(
      hidden(
        "T2",
        `${fileBytes - end} bytes follow the certificate table at the end of the file`,
        end,
        fileBytes - end,
      ),
    );
  if (end > fileBytes)
    findings.push(
      hidden("T2", "the certificate table reaches past the end of the file", offsetBytes, sizeBytes),
    );
  return findings;
}

interface Entry {
  readonly blob?: SignatureBlob;
  readonly findings: readonly Finding[];
  /** undefined: what follows cannot be found. */
  readonly nextBytes: number | undefined;
}

/** T3, T4, T6 and T7 for one entry. */
async function readEntry(source: ByteSource, offsetBytes: number, end: number): Promise<Entry> {
  const header = await readExactly(source, offsetBytes, HEADER_BYTES, "PE: certificate table entry");
  const lengthBytes = header.readUInt32LE(0);
  const nextBytes = offsetBytes + Math.ceil(lengthBytes / 8) * 8;
  if (lengthBytes < HEADER_BYTES + 2 || nextBytes > end) {
    const because = "an entry of the certificate table claims an impossible length";
    return { findings: [hidden("T3", because, offsetBytes, end - offsetBytes)], nextBytes: undefined };
  }
  const findings: Finding[] = [];
  if (header.readUInt16LE(4) !== REVISION_2 || header.readUInt16LE(6) !== PKCS_SIGNED_DATA)
    findings.push(
      hidden("T4", "an entry of the certificate table is not a PKCS#7 signature", offsetBytes, lengthBytes),
    );
  const whole = await readExactly(
    source,
    offsetBytes + HEADER_BYTES,
    Math.min(nextBytes - offsetBytes - HEADER_BYTES, MAX_ENTRY_BYTES),
    "PE: certificate table entry",
  );
  const stripped = stripPadding(whole, offsetBytes + HEADER_BYTES, lengthBytes - HEADER_BYTES);
  findings.push(...stripped.findings);
  return { ...(stripped.blob === undefined ? {} : { blob: stripped.blob }), findings, nextBytes };
}

/**
 * The signature at the front of `bytes`, and what is wrong with the rest: only zeros, and fewer than 8, may follow.
 * Serves every container that keeps its signature in a field of its own.
 * @param bytes - the field and the padding up to the next boundary
 * @param offsetBytes - of the field in the file, for the findings
 * @param claimedBytes - how long the container says the field is
 */
export function stripPadding(bytes: Buffer, offsetBytes: number, claimedBytes = bytes.length) {
  const findings: Finding[] = [];
  const length = sequenceLength(bytes.subarray(0, claimedBytes));
  if (length === undefined) {
    const because = "an entry does not begin with a DER value of definite, shortest length that fits into it";
    return { blob: undefined, findings: [hidden("T6", because, offsetBytes, claimedBytes)] };
  }
  const slackBytes = claimedBytes - length;
  if (slackBytes > 7)
    findings.push(
      hidden(
        "T6",
        `${slackBytes} bytes are hidden behind the signature, inside its entry`,
        offsetBytes + length,
        slackBytes,
      ),
    );
  else if (bytes.subarray(length).some((byte) => byte !== 0))
    findings.push(
      hidden(
        "T7",
        "the padding behind the signature is not zero",
        offsetBytes + length,
        bytes.length - length,
      ),
    );
  const archiveEnd = findArchiveEnd(bytes);
  if (archiveEnd !== undefined)
    findings.push(
      hidden(
        "T9",
        "an archive ends inside the signature: a reader of archives would see other content",
        offsetBytes + archiveEnd,
        bytes.length - archiveEnd,
      ),
    );
  return { blob: { der: bytes.subarray(0, length), offsetBytes }, findings };
}

function sequenceLength(bytes: Buffer): number | undefined {
  if (bytes[0] !== TAG.sequence) return undefined;
  try {
    return derLength(bytes);
  } catch (error) {
    if (hasCode(error, "artifact.malformed")) return undefined;
    throw error;
  }
}

/** A place where bytes stand that no signature covers. */
export function hidden(rule: string, because: string, offsetBytes: number, lengthBytes: number): Finding {
  return { check: "certificate-table", outcome: "fail", because, facts: { rule, offsetBytes, lengthBytes } };
}
