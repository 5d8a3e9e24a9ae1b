/** Rows of the memory of members, and what they mean. @module */

import type { Identity } from "../artifact.ts";
import { claimKey, linkKey } from "../checks/twin/content.ts";
import type { KnownFile, KnownSignature, Sighting } from "../checks/twin/memory.ts";

export interface TwinTables {
  twin_member: MemberRow;
  twin_signature: SignatureRow;
  twin_sighting: SightingRow;
}

export interface MemberRow {
  sha256: string;
  size_bytes: number;
  format: string;
  /** JSON. */
  identity: string;
  link: string | null;
  claim: string | null;
}

export interface SignatureRow {
  sha256: string;
  position: number;
  content: string | null;
  signer: string;
  organisation: string | null;
  is_proven: number;
}

export interface SightingRow {
  sha256: string;
  artifact: string;
  source: string;
  label: string;
  path: string;
  supplier: string | null;
  standing: "admitted" | "seen" | "refused";
  culprit: string | null;
  seen_at: number;
}

export const memberRow = ({ sha256, sizeBytes, format, identity }: KnownFile): MemberRow => ({
  sha256,
  size_bytes: sizeBytes,
  format,
  identity: JSON.stringify(identity),
  link: linkKey(identity) ?? null,
  claim: claimKey(identity) ?? null,
});

export const signatureRows = ({ sha256, signatures }: KnownFile): SignatureRow[] =>
  signatures.map(({ content, signer, organisation, isProven }, position) => ({
    sha256,
    position,
    content: content ?? null,
    signer,
    organisation: organisation ?? null,
    is_proven: isProven ? 1 : 0,
  }));

export const sightingRow = ({ sha256 }: KnownFile, sighting: Sighting): SightingRow => ({
  sha256,
  artifact: sighting.artifact,
  source: sighting.source,
  label: sighting.label,
  path: sighting.path,
  supplier: sighting.supplier ?? null,
  standing: sighting.standing,
  culprit: sighting.culprit ?? null,
  seen_at: sighting.seenAt.getTime(),
});

export function toKnownFiles(
  members: readonly MemberRow[],
  signatures: readonly SignatureRow[],
  sightings: readonly SightingRow[],
): readonly KnownFile[] {
  const signaturesOf = Map.groupBy(signatures, ({ sha256 }) => sha256);
  const sightingsOf = Map.groupBy(sightings, ({ sha256 }) => sha256);
  return members.map(({ sha256, size_bytes, format, identity }) => ({
    sha256,
    sizeBytes: size_bytes,
    format,
    identity: toIdentity(identity),
    signatures: (signaturesOf.get(sha256) ?? []).map(toSignature),
    sightings: (sightingsOf.get(sha256) ?? []).map(toSighting),
  }));
}

/** Written by {@link memberRow} from the same type. */
const toIdentity = (json: string): Identity => JSON.parse(json) as Identity;

const toSignature = ({ content, signer, organisation, is_proven }: SignatureRow): KnownSignature => ({
  content: content ?? undefined,
  signer,
  organisation: organisation ?? undefined,
  isProven: is_proven === 1,
});

const toSighting = ({ sha256: _, supplier, culprit, seen_at, ...row }: SightingRow): Sighting => ({
  ...row,
  supplier: supplier ?? undefined,
  culprit: culprit ?? undefined,
  seenAt: new Date(seen_at),
});
