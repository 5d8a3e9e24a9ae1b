/**
 * The list of a bundle's resources: `files2`, a hash for every file, a target for every link, and for code inside what it
 * is called by. Source: Apple, TN2206, "Resource Rules"; Security, OSX/libsecurity_codesigning, `resources.cpp`.
 * @module
 */

import { ArtifactError } from "@sallyport/core";
import { readPropertyList } from "../../property-list/read-property-list.ts";
import { isDictionary, type PropertyDictionary, type PropertyValue } from "../../property-list/value.ts";

export interface SealedList {
  /** By name from the bundle's base, in Unicode's composed form. */
  readonly entries: ReadonlyMap<string, SealedEntry>;
  /** Rules of the signer's own leave files out; they are not applied here. */
  readonly hasOwnOmissions: boolean;
}

export type SealedEntry = { readonly isOptional: boolean } & (
  | { readonly kind: "file"; readonly sha256: string | undefined }
  | { readonly kind: "link"; readonly target: string }
  | { readonly kind: "code"; readonly codeHash: string }
);

/** Those that every signing tool writes. */
const USUAL_OMISSIONS: ReadonlySet<string> = new Set([
  "^(.*/)?\\.DS_Store$",
  "^Info\\.plist$",
  "^PkgInfo$",
  "^Resources/.*\\.lproj/locversion.plist$",
]);

/** @throws {@link ArtifactError} `artifact.malformed`, `artifact.unsupported` for lists of before 2013, `artifact.over-limit` */
export function readSealedList(bytes: Buffer): SealedList {
  const list = readPropertyList(bytes);
  const files = list.get("files2");
  if (!isDictionary(files))
    throw new ArtifactError("artifact.unsupported", "its resources are sealed in the way of before 2013");
  const rules = list.get("rules2");
  return {
    entries: new Map([...files].map(([name, value]) => [name.normalize("NFC"), readEntry(value)])),
    hasOwnOmissions:
      isDictionary(rules) &&
      [...rules].some(([pattern, rule]) => omits(rule) && !USUAL_OMISSIONS.has(pattern)),
  };
}

const omits = (rule: PropertyValue): boolean => isDictionary(rule) && rule.get("omit") === true;

function readEntry(value: PropertyValue): SealedEntry {
  // A bare hash is SHA-1.
  if (!isDictionary(value)) return { kind: "file", sha256: undefined, isOptional: false };
  const isOptional = value.get("optional") === true;
  const target = value.get("symlink");
  if (typeof target === "string") return { kind: "link", target, isOptional };
  const codeHash = hexOf(value, "cdhash");
  if (codeHash !== undefined) return { kind: "code", codeHash, isOptional };
  return { kind: "file", sha256: hexOf(value, "hash2"), isOptional };
}

function hexOf(entry: PropertyDictionary, key: string): string | undefined {
  const value = entry.get(key);
  return Buffer.isBuffer(value) ? value.toString("hex") : undefined;
}
