/**
 * App bundles of Apple's systems, wherever they stand: the signature of a bundle's program also covers the bundle's
 * Info.plist and a list of its resources, and the list covers every file. Compared here, because only who sees all
 * members can tell what was changed, what is missing, and what nobody sealed.
 * Sources: Apple, TN3126 "Inside Code Signing: Hashes"; TN2206 "macOS Code Signing In Depth"; Security,
 * OSX/libsecurity_codesigning, `resources.cpp`, `bundlediskrep.cpp`.
 * @module
 */

import type { Finding } from "../../finding.ts";
import type { Conclusion, ContainerContents, Manifest } from "../manifest.ts";
import { compareBundle } from "./comparison.ts";
import { findBundles, findLooseLists, isInBundle, RESOURCES } from "./places.ts";
import { withPlainNames } from "./plain-names.ts";

/** Lists of a browser's thousands of files come to some megabytes. */
const LIST_BYTES = 4 * 1024 * 1024;
/** An app with more bundles inside is not told apart from an attack on our time. */
const MAX_BUNDLES = 1024;

export const appBundle: Manifest = {
  id: "app-bundle",
  title: "app bundle",
  document: "Apple, TN3126 Inside Code Signing: Hashes; TN2206 macOS Code Signing In Depth",
  containers: ["zip", "tar", "cpio", "hfs", "apfs", "7z", "iso"],
  isPartOfOthers: true,
  wants(name) {
    if (!isInBundle(name)) return undefined;
    return name.endsWith(`/${RESOURCES}`) ? { heldBytes: LIST_BYTES } : {};
  },
  conclude,
};

function conclude(raw: ContainerContents): Conclusion | undefined {
  const { contents, rawName, findings: twice } = withPlainNames(raw);
  const bundles = findBundles(contents);
  const findings: Finding[] = findLooseLists(contents, bundles).map((member) => ({
    check: "integrity",
    outcome: "unknown",
    because: "lists resources of a bundle whose program is signed, and does not cover the list",
    facts: {},
    member,
  }));
  if (bundles.length === 0 && findings.length === 0) return undefined;
  if (bundles.length > 0) findings.push(...twice);
  if (bundles.length > MAX_BUNDLES || (bundles.length > 0 && !contents.complete))
    findings.push({
      check: "integrity",
      outcome: "unknown",
      because: "more is sealed in it than can be compared",
      facts: { bundles: bundles.length },
    });
  for (const bundle of bundles.slice(0, MAX_BUNDLES)) findings.push(...compareBundle(bundle, contents));
  return { findings: findings.map((one) => withRawName(one, rawName)) };
}

const withRawName = (finding: Finding, rawName: (plain: string) => string): Finding =>
  finding.member === undefined ? finding : { ...finding, member: rawName(finding.member) };
