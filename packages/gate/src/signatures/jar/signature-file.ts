/**
 * A signature file against the manifest: which members does it vouch for? As Java does it, those that it names itself;
 * the digest of the whole manifest only saves comparing section by section.
 * Source: JAR File Specification, "Signature Validation".
 * @module
 */

import type { DigestName } from "../../cms/algorithm.ts";
import { matches, statedDigests, strongest } from "./digests.ts";
import type { Manifest } from "./manifest.ts";

export interface Coverage {
  /** What is wrong with the file as a whole. */
  readonly problem: string | undefined;
  readonly names: ReadonlySet<string>;
  /** Digests it leans on. */
  readonly digests: readonly DigestName[];
  /** Values of `X-Android-APK-Signed`: schemes the file was signed with as well. */
  readonly androidSchemes: readonly string[];
}

export function judgeSignatureFile(file: Manifest, manifest: Manifest): Coverage {
  const { attributes } = file.main;
  const androidSchemes = (attributes.get("x-android-apk-signed") ?? "")
    .split(",")
    .map((scheme) => scheme.trim())
    .filter((scheme) => scheme !== "");
  const nothing = { names: new Set<string>(), digests: [], androidSchemes };
  if (attributes.get("signature-version")?.trim() !== "1.0")
    return { ...nothing, problem: "its signature file is of no known version" };
  const whole = statedDigests(file.main, "-digest-manifest").known;
  const wholeDigest = strongest(whole);
  if (wholeDigest !== undefined && matches(whole, manifest.raw))
    return {
      problem: undefined,
      names: new Set(file.sections.keys()),
      digests: [wholeDigest],
      androidSchemes,
    };
  const main = statedDigests(file.main, "-digest-manifest-main-attributes").known;
  // Android's signers leave these out. Java and Android then take the main attributes for what nobody signed.
  if (main.length === 0)
    return { ...nothing, problem: "the manifest was changed, and nothing signed covers its main attributes" };
  if (!matches(main, manifest.main.raw, manifest.main.bare))
    return { ...nothing, problem: "the manifest's main attributes were changed after it was signed" };
  const digests = new Set<DigestName>();
  const names = new Set<string>();
  for (const [name, section] of file.sections) {
    const { known } = statedDigests(section, "-digest");
    const listed = manifest.sections.get(name);
    const digest = strongest(known);
    if (listed === undefined || digest === undefined || !matches(known, listed.raw, listed.bare)) continue;
    digests.add(digest);
    names.add(name);
  }
  return { problem: undefined, names, digests: [...digests], androidSchemes };
}
