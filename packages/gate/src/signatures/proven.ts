/** Which signatures say for certain who signed. @module */

import { type SignatureReport, TRUSTED } from "./scheme.ts";

/** Intact, and leading to a trusted authority or a key that the person named. */
export const isProven = ({ integrity, trust }: SignatureReport): boolean =>
  integrity === "pass" && TRUSTED.has(trust);

/**
 * What a signature signs, as a name for it. A universal file's signatures speak of one slice each, and the slices are
 * members of their own.
 */
export function signedContent({
  scheme,
  digestAlgorithm,
  digest,
  facts,
}: SignatureReport): string | undefined {
  if (digest === undefined || digest === "" || facts.slice !== undefined) return undefined;
  return `${scheme} ${digestAlgorithm}:${digest}`;
}
