/**
 * Where a disk image keeps its code signature: before the trailer, which a slot of its own covers, with the length of the
 * signature left out. Source: Apple, Security, OSX/libsecurity_codesigning, `diskimagerep`; PyOxidizer's `apple-codesign`,
 * `dmg.rs`.
 * @module
 */

import type { ByteSource } from "@sallyport/core";
import { readTrailer, SIGNATURE_SIZE_AT } from "../../formats/dmg/trailer.ts";
import type { SignedCode } from "./signed-code.ts";

/**
 * @returns undefined when it has no code signature
 * @throws {@link ArtifactError} `artifact.malformed`, `artifact.truncated`, `artifact.unsupported`
 */
export async function findSignedImage(source: ByteSource): Promise<SignedCode | undefined> {
  const { bytes, signature, offsetBytes } = await readTrailer(source);
  if (signature.sizeBytes === 0) return undefined;
  const specific = Buffer.from(bytes);
  specific.writeBigUInt64BE(0n, SIGNATURE_SIZE_AT);
  const endBytes = signature.offsetBytes + signature.sizeBytes;
  const uncovered =
    endBytes === offsetBytes
      ? []
      : [{ because: "the code signature does not end where the trailer begins", offsetBytes: endBytes }];
  return { source, slice: undefined, signature, uncovered, specific };
}
