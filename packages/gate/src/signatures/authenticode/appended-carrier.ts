/** Signatures behind a zip; see `formats/zip/appended-signature.ts`. @module */

import { createHash } from "node:crypto";
import { ArtifactError, type ByteSource, readExactly } from "@sallyport/core";
import type { DigestName } from "../../cms/algorithm.ts";
import { readAppended } from "../../formats/zip/appended-signature.ts";
import type { VerifyContext } from "../scheme.ts";
import { type Carrier, NO_SIGNATURES } from "./carrier.ts";
import { stripPadding } from "./certificate-table.ts";
import { SUBJECT_TYPES } from "./indirect-data.ts";

const MAX_SIGNATURE_BYTES = 4 * 1024 * 1024;

export async function openAppended(source: ByteSource, { budget }: VerifyContext): Promise<Carrier> {
  const layout = await readAppended(source);
  if (layout?.signature === undefined) return NO_SIGNATURES;
  const { contentEnd, signature } = layout;
  if (signature.sizeBytes > MAX_SIGNATURE_BYTES)
    throw new ArtifactError("artifact.over-limit", "zip: its signature is larger than any signer writes");
  const bytes = await readExactly(source, signature.offset, signature.sizeBytes, "zip: signature");
  const { blob, findings } = stripPadding(bytes, signature.offset);
  return {
    blobs: blob === undefined ? [] : [blob],
    findings,
    async digest(algorithms) {
      const hashes = [...algorithms].map((name) => [name, createHash(name)] as const);
      for await (const piece of source.stream(0, contentEnd)) {
        budget.checkTime();
        for (const [, hash] of hashes) hash.update(piece);
      }
      const digests = new Map<DigestName, Buffer>(hashes.map(([name, hash]) => [name, hash.digest()]));
      return { subjectType: SUBJECT_TYPES.msi, digests, facts: {} };
    },
  };
}
