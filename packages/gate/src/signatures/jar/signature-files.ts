/**
 * Which members of `META-INF` belong to signatures, and which goes with which. Their names do not tell case.
 * Source: JAR File Specification, "Signed JAR File".
 * @module
 */

import { ArtifactError } from "@sallyport/core";
import type { ZipEntry } from "../../formats/zip/lookup.ts";

export interface SignaturePair {
  /** The list of digests that is signed: `META-INF/VENDOR.SF`. */
  readonly file: ZipEntry;
  /** The PKCS#7 over it: `META-INF/VENDOR.RSA`. */
  readonly block: ZipEntry;
}

export interface SignatureFiles {
  readonly manifest: ZipEntry | undefined;
  readonly pairs: readonly SignaturePair[];
  /** One half without the other, or of a kind that nothing reads: covered by nothing. */
  readonly loose: readonly ZipEntry[];
  /** What a signature cannot cover, because it is part of it. */
  readonly isPart: (entry: ZipEntry) => boolean;
}

const PART = /^META-INF\/(?:(MANIFEST\.MF)|([^/]+)\.(SF|RSA|DSA|EC)|(SIG-[^/]*))$/;

/** @throws {@link ArtifactError} `artifact.malformed` when two members of a signed archive go by one name */
export function findSignatureFiles(entries: readonly ZipEntry[]): SignatureFiles {
  const parts = new Map<string, ZipEntry>();
  let twice: string | undefined;
  for (const entry of entries) {
    const name = entry.name.toUpperCase();
    if (!PART.test(name)) continue;
    if (parts.has(name)) twice ??= name;
    parts.set(name, entry);
  }
  const pairs: SignaturePair[] = [];
  const paired = new Set<ZipEntry>();
  for (const [name, block] of parts) {
    const [, , base = "", extension = ""] = PART.exec(name) ?? [];
    const file = extension === "SF" || extension === "" ? undefined : parts.get(`META-INF/${base}.SF`);
    if (file === undefined) continue;
    pairs.push({ file, block });
    paired.add(file).add(block);
  }
  // Nobody looks for a signature where there is none, and then nothing hangs on it.
  if (pairs.length > 0 && twice !== undefined)
    throw new ArtifactError("artifact.malformed", `jar: ${twice} is there twice`);
  const manifest = parts.get("META-INF/MANIFEST.MF");
  const loose = [...parts.values()].filter((entry) => entry !== manifest && !paired.has(entry));
  const all = new Set(parts.values());
  return { manifest, pairs, loose, isPart: (entry) => all.has(entry) };
}
