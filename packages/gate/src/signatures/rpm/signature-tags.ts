/**
 * The signature header of a package. Nothing signs it, so everything in it must be explained: signatures, digests,
 * sizes, and room that is reserved and empty. Source: RPM manual, "V4" and "V6 Package format".
 * @module
 */

import { ArtifactError } from "@sallyport/core";
import { findRoom, readSignatures, type Signature } from "@sallyport/openpgp";
import type { Finding } from "../../finding.ts";
import { isAllZero } from "../../formats/front-reader.ts";
import type { RpmPackage } from "../../formats/rpm/package.ts";
import { REGION, SIGNATURE_TAG, TAG } from "../../formats/rpm/tags.ts";

export interface PackageSignature {
  readonly tag: number;
  /** What it is made over. */
  readonly over: "header" | "header and payload";
  /** Or why it cannot be read. */
  readonly signature: Signature | ArtifactError;
}

/** Of version 4 for the header, and of version 3 for header and payload. */
const SINGLE: readonly (readonly [tag: number, over: PackageSignature["over"]])[] = [
  [SIGNATURE_TAG.rsaHeader, "header"],
  [SIGNATURE_TAG.dsaHeader, "header"],
  [SIGNATURE_TAG.pgp, "header and payload"],
  [SIGNATURE_TAG.gpg, "header and payload"],
];

export const readPackageSignatures = (rpm: RpmPackage): PackageSignature[] =>
  carriersOf(rpm).flatMap(({ tag, over, bytes }) => read(bytes, tag, over));

interface Carrier {
  readonly tag: number;
  readonly over: PackageSignature["over"];
  /** Or why there are none. */
  readonly bytes: Buffer | ArtifactError;
}

function carriersOf({ signatures }: RpmPackage): Carrier[] {
  const tag = SIGNATURE_TAG.openPgp;
  return [
    ...SINGLE.flatMap(([single, over]) => {
      const bytes = signatures.bytes(single);
      return bytes === undefined ? [] : [{ tag: single, over, bytes }];
    }),
    ...textsOf(signatures.bytes(tag)).map((text) => ({ tag, over: "header" as const, bytes: decode(text) })),
  ];
}

function read(
  bytes: Buffer | ArtifactError,
  tag: number,
  over: PackageSignature["over"],
): PackageSignature[] {
  if (!Buffer.isBuffer(bytes)) return [{ tag, over, signature: bytes }];
  try {
    return readSignatures(bytes).map((signature) => ({ tag, over, signature }));
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    return [{ tag, over, signature: error }];
  }
}

const textsOf = (bytes: Buffer | undefined): string[] =>
  bytes === undefined ? [] : bytes.toString("latin1").replace(/\0$/, "").split("\0");

/** Version 6 keeps signatures as base64, in lines or without. */
function decode(text: string): Buffer | ArtifactError {
  const whole = text.replaceAll(/[\r\n]/g, "");
  if (/^[A-Za-z0-9+/]+={0,2}$/.test(whole) && whole.length % 4 === 0) return Buffer.from(whole, "base64");
  return new ArtifactError("artifact.malformed", "rpm: a signature is not base64");
}

/** How long each tag's bytes may be; obsolete ones included. A signature's length is judged by what it holds. */
const LENGTHS: Readonly<Record<number, number>> = {
  [REGION.signatures]: 16,
  [SIGNATURE_TAG.sha1Header]: 41,
  [SIGNATURE_TAG.longSize]: 8,
  [SIGNATURE_TAG.longArchiveSize]: 8,
  [SIGNATURE_TAG.sha256Header]: 65,
  [SIGNATURE_TAG.fileSignatureLength]: 4,
  [SIGNATURE_TAG.verityAlgorithm]: 4,
  [SIGNATURE_TAG.sha3Header]: 65,
  [SIGNATURE_TAG.size]: 4,
  [SIGNATURE_TAG.md5]: 16,
  [SIGNATURE_TAG.payloadSize]: 4,
  // The broken SHA-1 and MD5 of RPM 3 and 4.0.
  264: 41,
  265: 41,
  1001: 16,
  1003: 16,
};
const SIGNATURES: ReadonlySet<number> = new Set([...SINGLE.map(([tag]) => tag), SIGNATURE_TAG.openPgp]);
const RESERVED: ReadonlySet<number> = new Set([SIGNATURE_TAG.reserved, SIGNATURE_TAG.reservedSpace]);
/** One for each file, of the kernel's integrity measurement or of fs-verity. */
const PER_FILE: ReadonlySet<number> = new Set([SIGNATURE_TAG.fileSignatures, SIGNATURE_TAG.veritySignatures]);
const LONGEST_FILE_SIGNATURE_CHARACTERS = 4096;

/** Everything in the signature header that could be anything else than it should. */
export function findHidden(rpm: RpmPackage): Finding[] {
  const findings: Finding[] = [];
  for (const tag of rpm.signatures.tags) {
    const because = judgeTag(rpm, tag);
    if (because !== undefined) findings.push(hidden(because, rpm.signatures.placeOf(tag)));
  }
  for (const { tag, bytes } of carriersOf(rpm)) {
    const because = Buffer.isBuffer(bytes) ? judgeRoom(bytes) : undefined;
    if (because !== undefined) findings.push(hidden(`tag ${tag} ${because}`, rpm.signatures.placeOf(tag)));
  }
  return findings;
}

function judgeRoom(bytes: Buffer): string | undefined {
  try {
    return findRoom(bytes, readSignatures(bytes));
  } catch (error) {
    // What cannot be read as signatures was told already.
    if (error instanceof ArtifactError) return undefined;
    throw error;
  }
}

function judgeTag({ signatures, header }: RpmPackage, tag: number): string | undefined {
  const bytes = signatures.bytes(tag) ?? Buffer.alloc(0);
  if (SIGNATURES.has(tag)) return undefined;
  if (RESERVED.has(tag))
    return isAllZero(bytes) ? undefined : "the room that is reserved for signatures is not empty";
  if (PER_FILE.has(tag)) return judgeFileSignatures(bytes, header.strings(TAG.baseNames)?.length ?? 0);
  const most = LENGTHS[tag];
  if (most === undefined) return `the signature header has a tag ${tag}, which nobody reads`;
  return bytes.length > most ? `tag ${tag} of the signature header is longer than it can be` : undefined;
}

function judgeFileSignatures(bytes: Buffer, fileCount: number): string | undefined {
  const texts = textsOf(bytes);
  const isDecent = texts.every(
    (text) => text.length <= LONGEST_FILE_SIGNATURE_CHARACTERS && /^[0-9a-zA-Z+/=]*$/.test(text),
  );
  return isDecent && texts.length <= fileCount
    ? undefined
    : "the signatures of files are more or longer than the files ask for";
}

const hidden = (
  because: string,
  place: { readonly offsetBytes: number; readonly lengthBytes: number } | undefined,
): Finding => ({
  check: "certificate-table",
  outcome: "fail",
  because: `bytes can hide where no signature looks: ${because}`,
  facts: { rule: "rpm-signature-header", ...place },
});
