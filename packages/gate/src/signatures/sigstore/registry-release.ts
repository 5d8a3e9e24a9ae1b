/**
 * What an npm registry says of a release: its integrity and the registry's signatures over it, in the metadata of one
 * version (`npm view NAME@VERSION --json`) or of the whole package. Source: npm, about registry signatures.
 * @module
 */

import type { Json } from "@sallyport/core";
import { isJsonObject, listMember, member, memberAt, textMember } from "../../json/read-json.ts";

export interface RegistryRelease {
  readonly name: string;
  readonly version: string;
  /** Subresource integrity of the tarball: `sha512-…`. */
  readonly integrity: string;
  readonly signatures: readonly { readonly keyId: string; readonly value: string }[];
  /** When it says it was published; nobody signed that. */
  readonly publishedAt: string | undefined;
}

/** @returns undefined for what is no registry metadata with signatures */
export function readReleases(document: Json): readonly RegistryRelease[] | undefined {
  const versions = member(document, "versions");
  const manifests = isJsonObject(versions) ? Object.values(versions) : [document];
  const releases = manifests.flatMap((manifest) => readRelease(manifest, document) ?? []);
  return releases.length === 0 ? undefined : releases;
}

function readRelease(manifest: Json, document: Json): RegistryRelease | undefined {
  const dist = member(manifest, "dist");
  const name = textMember(manifest, "name");
  const version = textMember(manifest, "version");
  const integrity = textMember(dist, "integrity");
  const signatures = listMember(dist, "signatures") ?? [];
  if (name === undefined || version === undefined || integrity === undefined || signatures.length === 0)
    return undefined;
  return {
    name,
    version,
    integrity,
    signatures: signatures.slice(0, 8).map((signature) => ({
      keyId: textMember(signature, "keyid") ?? "",
      value: textMember(signature, "sig") ?? "",
    })),
    publishedAt: textMember(memberAt(document, "time"), version),
  };
}
