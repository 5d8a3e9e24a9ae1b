/**
 * Apple's root vouches for much that is not meant to be handed on: any Apple account gets a certificate for testing on
 * its own devices, with a name of its choice. Only what Apple's own Gatekeeper lets in counts here.
 * Sources: Apple, TN3127 "Inside Code Signing: Requirements"; the default rules of `syspolicyd`; Apple Developer ID
 * Certification Practice Statement, certificate profiles.
 * @module
 */

import type { Certificate } from "./certificate.ts";

const MARKER = {
  macAppStore: "1.2.840.113635.100.6.1.9",
  macAppStoreInstaller: "1.2.840.113635.100.6.1.10",
  developerIdApplication: "1.2.840.113635.100.6.1.13",
  developerIdInstaller: "1.2.840.113635.100.6.1.14",
  developerIdAuthority: "1.2.840.113635.100.6.2.6",
} as const;

/** `anchor apple`: Apple's own programs, and its own packages. */
const OWN_AUTHORITIES: ReadonlySet<string> = new Set([
  "Apple Code Signing Certification Authority",
  "Apple Software Update Certification Authority",
]);

/** Their values are NULL: that they are there is all they say, and leaves are told apart by it. Critical in many. */
const MARKER_ARCS = ["1.2.840.113635.100.6.1.", "1.2.840.113635.100.6.2."];

/** An extension that only says which of Apple's kinds of certificate this is. */
export const isAppleMarker = (oid: string): boolean => MARKER_ARCS.some((arc) => oid.startsWith(arc));

/** @param certificates - of a path that ends at Apple's root, from the leaf up */
export function distributionObjection([leaf, issuer]: readonly Certificate[]): string | undefined {
  if (leaf === undefined) return undefined;
  const isMarked = (oid: string): boolean => leaf.extensions.has(oid);
  if (isMarked(MARKER.macAppStore) || isMarked(MARKER.macAppStoreInstaller)) return undefined;
  const isDeveloper = isMarked(MARKER.developerIdApplication) || isMarked(MARKER.developerIdInstaller);
  if (isDeveloper && issuer?.extensions.has(MARKER.developerIdAuthority) === true) return undefined;
  if (OWN_AUTHORITIES.has(issuer?.summary.commonName ?? "")) return undefined;
  const name = leaf.summary.commonName ?? leaf.summary.subject;
  return `"${name}" is not one of the certificates that Apple issues for handing programs on`;
}
