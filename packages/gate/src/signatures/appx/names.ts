/** Members with a meaning of their own. Source: Microsoft Learn, "Package structure of MSIX". @module */

export const NAMES = {
  signature: "AppxSignature.p7x",
  contentTypes: "[Content_Types].xml",
  blockMap: "AppxBlockMap.xml",
  codeIntegrity: "AppxMetadata/CodeIntegrity.cat",
  manifest: "AppxManifest.xml",
  bundleManifest: "AppxMetadata/AppxBundleManifest.xml",
} as const;

/** Covered by digests of their own, so no block map lists them. */
export const FOOTPRINT: ReadonlySet<string> = new Set([
  NAMES.signature,
  NAMES.contentTypes,
  NAMES.blockMap,
  NAMES.codeIntegrity,
]);

/** Part names are URIs: `My%20Logo.png` is the file `My Logo.png`. Source: ECMA-376-2 §6.2.2, annex A. */
export function fileNameOf(partName: string): string {
  try {
    return decodeURIComponent(partName);
  } catch {
    return partName;
  }
}
