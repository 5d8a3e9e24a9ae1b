/**
 * Where a Mach-O file or slice keeps its code signature, and what belongs to the code beside its pages.
 * Source: Apple, mach-o/loader.h, `LC_CODE_SIGNATURE`; xnu, bsd/kern/mach_loader.c, `load_code_signature`.
 * @module
 */

import { type ByteSource, readExactly } from "@sallyport/core";
import { type MachHeaders, readMachHeaders } from "../../formats/mach-o/headers.ts";
import { readSegments } from "../../formats/mach-o/segments.ts";
import { codeSignatures } from "../../formats/mach-o/tables.ts";

/** Code of any kind with the place of its signature. */
export interface SignedCode {
  /** Pages are counted from its start. */
  readonly source: ByteSource;
  /** As `lipo` calls the slice; undefined for what is not one of several. */
  readonly slice: string | undefined;
  readonly signature: { readonly offsetBytes: number; readonly sizeBytes: number };
  /** What stands behind the signature, or beside its place: no page covers it. */
  readonly uncovered: readonly { readonly because: string; readonly offsetBytes: number }[];
  /** The Info.plist inside the program itself. */
  readonly informationList?: Buffer;
  /** What slot 6 hashes: the trailer of a disk image. */
  readonly specific?: Buffer;
}

const MAX_LIST_BYTES = 1024 * 1024;

/**
 * @param source - one thin file or slice, and nothing else
 * @returns undefined when it has no code signature
 * @throws {@link ArtifactError} `artifact.malformed`, `artifact.truncated`, `artifact.over-limit`
 */
export async function findSignedCode(
  source: ByteSource,
  slice: string | undefined,
): Promise<SignedCode | undefined> {
  const headers = await readMachHeaders(source);
  const [signature] = codeSignatures(headers);
  if (signature === undefined || signature.sizeBytes === 0) return undefined;
  const informationList = await readInformationList(source, headers);
  return {
    source,
    slice,
    signature,
    uncovered: judgePlace(headers, signature, source.sizeBytes),
    ...(informationList === undefined ? {} : { informationList }),
  };
}

/** It ends `__LINKEDIT`, which ends the slice: else bytes are left that no page covers. */
function judgePlace(
  headers: MachHeaders,
  signature: SignedCode["signature"],
  sliceBytes: number,
): SignedCode["uncovered"] {
  const endBytes = signature.offsetBytes + signature.sizeBytes;
  const uncovered: { because: string; offsetBytes: number }[] = [];
  if (endBytes < sliceBytes)
    uncovered.push({ because: "bytes follow the code signature", offsetBytes: endBytes });
  const link = readSegments(headers).find(({ name }) => name === "__LINKEDIT");
  const linkEnd = link === undefined ? undefined : link.offsetBytes + link.fileBytes;
  if (link === undefined || linkEnd !== endBytes || signature.offsetBytes < link.offsetBytes)
    uncovered.push({
      because: "the code signature is not the end of the segment __LINKEDIT",
      offsetBytes: signature.offsetBytes,
    });
  return uncovered;
}

async function readInformationList(source: ByteSource, headers: MachHeaders): Promise<Buffer | undefined> {
  const section = readSegments(headers)
    .flatMap(({ sections }) => sections)
    .find(({ name }) => name === "__info_plist");
  if (section === undefined || section.sizeBytes > MAX_LIST_BYTES) return undefined;
  return readExactly(source, section.offsetBytes, section.sizeBytes, "Mach-O: information list");
}
