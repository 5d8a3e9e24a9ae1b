/** What `retired` asks about, as it is kept beside a decision and read back years later. @module */

import type { Claim, JsonObject } from "@sallyport/core";
import { claimToJson, member, readClaim } from "../claims.ts";

export interface Asked {
  /** The artifact itself, as it may be called: what it says of itself, and what its signer or its name says. */
  readonly product: readonly Claim[];
  readonly parts: readonly Part[];
  /** Parts that were too many to be kept. */
  readonly leftOutCount: number;
  /** Files whose parts could not be listed, or not all of them. */
  readonly unlistedCount?: number;
  /** When it was signed, proven by a timestamp, and until when the signer's certificate was good. ISO 8601, UTC. */
  readonly signedAt?: string;
  readonly certificateUntil?: string;
}

/** Something inside that is a product of its own. */
export interface Part {
  readonly claim: Claim;
  /** Where it was met first, and how often. */
  readonly path: string;
  readonly count: number;
  /** `program`: something that is installed or started by itself; `system`: what all else in an image runs on. */
  readonly kind: "program" | "library" | "component" | "system";
  /** A system's package keeps it in the system's own folders: its distribution mends it, without changing its version. */
  readonly isSystem?: true;
}

export const writeAsked = ({ product, parts, leftOutCount, ...times }: Asked): JsonObject => ({
  product: product.map(claimToJson),
  parts: parts.map(({ claim, ...part }) => ({ ...part, claim: claimToJson(claim) })),
  leftOutCount,
  ...times,
});

/** @param asked - what {@link writeAsked} gave, perhaps of an older version: whatever is missing was not asked */
export function readAsked(asked: JsonObject): Asked {
  const signedAt = textOf(asked, "signedAt");
  const certificateUntil = textOf(asked, "certificateUntil");
  return {
    product: listOf(asked, "product").map(readClaim),
    parts: listOf(asked, "parts").map((part) => ({
      claim: readClaim(member(part, "claim")),
      path: textOf(part, "path") ?? "",
      count: numberOf(part, "count"),
      kind: KINDS.find((kind) => kind === member(part, "kind")) ?? "component",
      ...(member(part, "isSystem") === true && { isSystem: true }),
    })),
    leftOutCount: numberOf(asked, "leftOutCount"),
    unlistedCount: numberOf(asked, "unlistedCount"),
    ...(signedAt !== undefined && { signedAt }),
    ...(certificateUntil !== undefined && { certificateUntil }),
  };
}

const KINDS = ["program", "library", "component", "system"] as const;

function textOf(from: unknown, name: string): string | undefined {
  const value = member(from, name);
  return typeof value === "string" ? value : undefined;
}

function numberOf(from: unknown, name: string): number {
  const value = member(from, name);
  return typeof value === "number" ? value : 0;
}

function listOf(from: unknown, name: string): readonly unknown[] {
  const value = member(from, name);
  return Array.isArray(value) ? value : [];
}
