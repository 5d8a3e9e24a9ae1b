/**
 * What the signer says of the code: identifier, team, flags, entitlements. Signed, and still only a claim.
 * Source: Apple, TN3125, TN3126; xnu, osfmk/kern/cs_blobs.h.
 * @module
 */

import { createHash } from "node:crypto";
import { hasCode, type JsonObject } from "@sallyport/core";
import { readPropertyList } from "../../property-list/read-property-list.ts";
import { type CodeDirectory, codeHash, FLAG } from "./code-directory.ts";
import { designatedRequirement } from "./requirement.ts";
import type { SealedCode } from "./sealed-code.ts";
import { type Blob, SLOT } from "./super-blob.ts";

/** More are never granted; each is a name of its own. */
const MAX_ENTITLEMENTS = 100;
const BLOB_HEADER_BYTES = 8;

export function readStatements(
  directory: CodeDirectory,
  { blobs, outside, directories }: Pick<SealedCode, "blobs" | "outside" | "directories">,
): JsonObject {
  const { flags } = directory;
  const find = (wanted: number): Blob | undefined => blobs.find(({ slot }) => slot === wanted);
  const requirements = find(SLOT.requirements);
  const has = (flag: number): boolean => (flags & flag) !== 0;
  return {
    identifier: directory.identifier,
    ...(directory.teamIdentifier === undefined ? {} : { teamIdentifier: directory.teamIdentifier }),
    codeHash: codeHash(directory).toString("hex"),
    codeHashes: directories.map((one) => codeHash(one).toString("hex")),
    adHoc: has(FLAG.adHoc),
    linkerSigned: has(FLAG.linkerSigned),
    hardenedRuntime: has(FLAG.runtime),
    libraryValidation: has(FLAG.libraryValidation),
    ...(directory.runtimeVersion === undefined ? {} : { runtimeVersion: directory.runtimeVersion }),
    entitlements: readEntitlements(find(SLOT.entitlements)),
    ...(requirements === undefined ? {} : requirementsOf(requirements)),
    stapledTicket: find(SLOT.ticket) !== undefined,
    pageBytes: directory.pageBytes,
    outside: outside.map(({ slot, algorithm, hash }) => ({ slot, algorithm, hash })),
  };
}

/** Their names; what is not a list of them is said to be unreadable, which is no reason to doubt the signature. */
function readEntitlements(blob: Blob | undefined): string[] {
  if (blob === undefined || blob.bytes.length === BLOB_HEADER_BYTES) return [];
  try {
    const list = readPropertyList(blob.bytes.subarray(BLOB_HEADER_BYTES));
    const granted = [...list].filter(([, value]) => value !== false).map(([name]) => name.slice(0, 200));
    return granted.slice(0, MAX_ENTITLEMENTS);
  } catch (error) {
    if (hasCode(error, "artifact.malformed", "artifact.unsupported", "artifact.over-limit"))
      return ["unreadable"];
    throw error;
  }
}

/** A requirement that cannot be written out still has a digest to be compared by. */
function requirementsOf({ bytes }: Blob): JsonObject {
  const facts = { requirementsSha256: sha256(bytes) };
  try {
    const requirement = designatedRequirement(bytes);
    return requirement === undefined ? facts : { ...facts, requirement };
  } catch (error) {
    if (hasCode(error, "artifact.malformed", "artifact.unsupported")) return facts;
    throw error;
  }
}

const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");
