/**
 * Catalogs: lists of files by their digests, signed as a whole. A leaf: it holds no files, it speaks for files that
 * lie elsewhere. Source: Microsoft, "Catalog Files and Digital Signatures"; see `trust-list.ts`.
 * @module
 */

import { ArtifactError, type ByteSource, readExactly } from "@sallyport/core";
import { derLength } from "../../asn1/der.ts";
import { readSignedData } from "../../cms/signed-data.ts";
import type { Format, Member, OpenContext } from "../format.ts";
import { isCatalog } from "./mark.ts";
import { readTrustList } from "./trust-list.ts";

export const catalog: Format = {
  id: "catalog",
  title: "Security catalog",
  document: "Microsoft, Catalog Files and Digital Signatures; RFC 5652",
  recognise: ({ head }) => isCatalog(head),
  open,
};

/** Catalogs of a whole Windows come to a few megabytes. */
const MAX_CATALOG_BYTES = 64 * 1024 * 1024;
const MEMBERS_BETWEEN_CHECKS = 1000;

/** @throws {@link ArtifactError} `artifact.over-limit`, `artifact.truncated` */
export async function readCatalogBytes(source: ByteSource, maxHeldBytes: number): Promise<Buffer> {
  const allowedBytes = Math.min(MAX_CATALOG_BYTES, maxHeldBytes);
  if (source.sizeBytes > allowedBytes)
    throw new ArtifactError("artifact.over-limit", "catalog: it is larger than may be held", {
      facts: { neededBytes: source.sizeBytes, allowedBytes },
    });
  return readExactly(source, 0, source.sizeBytes, "catalog");
}

async function* open(source: ByteSource, context: OpenContext): AsyncGenerator<Member> {
  context.budget.checkTime();
  const bytes = await readCatalogBytes(source, context.maxHeldBytes);
  const lengthBytes = derLength(bytes);
  // Up to seven zeros are what signers fill up with.
  if (bytes.length - lengthBytes > 7 || bytes.subarray(lengthBytes).some((byte) => byte !== 0))
    context.report({
      check: "structure",
      outcome: "fail",
      because: `${bytes.length - lengthBytes} bytes follow the catalog`,
      facts: { offsetBytes: lengthBytes, lengthBytes: bytes.length - lengthBytes },
    });
  const { content } = readSignedData(bytes.subarray(0, lengthBytes), "unread");
  if (content === undefined) throw new ArtifactError("artifact.malformed", "catalog: it holds no list");
  const { version, members } = readTrustList(content);
  let count = 0;
  for (const _ of members()) {
    count += 1;
    if (count % MEMBERS_BETWEEN_CHECKS === 0) context.budget.checkTime();
  }
  context.report({
    check: "structure",
    outcome: "pass",
    because: `is a catalog of ${count} files`,
    facts: { version, members: count },
  });
  yield* [];
}
