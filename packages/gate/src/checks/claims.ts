/** What a world check asks about, as it is kept for asking again. @module */

import {
  type Claim,
  IDENTIFIER_KINDS,
  type Identifier,
  type IdentifierKind,
  type JsonObject,
} from "@sallyport/core";
import type { Artifact } from "../artifact.ts";

const KINDS: ReadonlySet<string> = new Set(IDENTIFIER_KINDS);

/**
 * What the artifact itself says it is.
 * @param label - the name it came under
 */
export function claimOfRoot({ root }: Artifact, label: string): Claim {
  const { product, company, version } = root.identity ?? {};
  return {
    ...(product !== undefined && { product }),
    ...(company !== undefined && { vendor: company }),
    ...(version !== undefined && { version }),
    fileName: fileNameOf(label),
    identifiers: root.identifiers ?? [],
  };
}

/** Last part of a path or of a label; Windows writes paths the other way. */
export const fileNameOf = (label: string): string =>
  label.slice(Math.max(label.lastIndexOf("/"), label.lastIndexOf("\\")) + 1);

export const claimToJson = ({ identifiers, ...names }: Claim): JsonObject => ({
  ...names,
  identifiers: identifiers.map(({ kind, value }) => ({ kind, value })),
});

/** @param stored - what {@link claimToJson} gave, perhaps years ago; what is not understood is left out */
export function readClaim(stored: unknown): Claim {
  const identifiers = member(stored, "identifiers");
  return {
    ...text(stored, "product"),
    ...text(stored, "vendor"),
    ...text(stored, "version"),
    ...text(stored, "fileName"),
    identifiers: Array.isArray(identifiers) ? identifiers.flatMap(readIdentifier) : [],
  };
}

function readIdentifier(stored: unknown): readonly Identifier[] {
  const kind = member(stored, "kind");
  const value = member(stored, "value");
  return isKind(kind) && typeof value === "string" ? [{ kind, value }] : [];
}

const isKind = (kind: unknown): kind is IdentifierKind => typeof kind === "string" && KINDS.has(kind);

function text<Name extends string>(from: unknown, name: Name): { readonly [key in Name]?: string } {
  const value = member(from, name);
  return (typeof value === "string" ? { [name]: value } : {}) as { readonly [key in Name]?: string };
}

/** The member of that name, of its own; undefined of whatever is no object. */
export const member = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
