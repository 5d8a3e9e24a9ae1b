/** Keys that a provider's signatures are held against: those that were entered here, and those that it names itself. @module */

import { ArtifactError, hasCode } from "@sallyport/core";
import { type Certificate, readCertificates } from "@sallyport/openpgp";
import { readBytes } from "../../reading/index.ts";
import type { ReadContext, SourceFile } from "../../source.ts";
import { fingerprintIn, MAX_KEY_BYTES } from "./proof-files.ts";

export interface Keys {
  readonly certificates: readonly Certificate[];
  /** Fingerprints of those that somebody here entered: a stronger word than the provider's own. */
  readonly entered: ReadonlySet<string>;
  /** Whether the provider names a key that can be used. */
  readonly isNamed: boolean;
}

interface KeyFile {
  readonly name: string;
  readonly bytes: Buffer;
  readonly fingerprints: readonly string[];
}

/** Tells of files that hold no key, or another than the provider says. */
export async function readKeys(files: readonly SourceFile[], context: ReadContext): Promise<Keys> {
  const entered = (context.trustedKeys ?? [])
    .filter((text) => text.includes("-----BEGIN PGP PUBLIC KEY BLOCK-----"))
    .flatMap((text, index) => {
      const file = { name: `key ${index + 1} that was entered here`, bytes: Buffer.from(text) };
      return readKeyFile(file, undefined, context) ?? [];
    });
  const named: KeyFile[] = [];
  for (const file of files) {
    const fingerprint = fingerprintIn(file.name);
    if (fingerprint === undefined) continue;
    const bytes = await bytesOf(file, context);
    const key =
      bytes === undefined ? undefined : readKeyFile({ name: file.name, bytes }, fingerprint, context);
    if (key !== undefined) named.push(key);
  }
  const usable = new Set([...entered, ...named].flatMap(({ fingerprints }) => fingerprints));
  return {
    // Together: a copy of a key that was entered long ago does not hide that its owner has revoked it since.
    certificates: readCertificates([...entered, ...named]).filter(({ primary }) =>
      usable.has(primary.fingerprint),
    ),
    entered: new Set(entered.flatMap(({ fingerprints }) => fingerprints)),
    isNamed: named.length > 0,
  };
}

async function bytesOf(file: SourceFile, context: ReadContext): Promise<Buffer | undefined> {
  try {
    return await readBytes(file, context, MAX_KEY_BYTES);
  } catch (error) {
    if (!hasCode(error, "feed.malformed", "feed.truncated", "feed.over-limit")) throw error;
    context.skip({ file: file.name, because: `holds no key that can be read: ${error.message}` });
    return undefined;
  }
}

/** @returns undefined, which is told, when nothing in it counts */
function readKeyFile(
  file: Pick<KeyFile, "name" | "bytes">,
  fingerprint: string | undefined,
  context: ReadContext,
): KeyFile | undefined {
  try {
    const all = readCertificates([file]).map(({ primary }) => primary.fingerprint);
    const fingerprints = fingerprint ? all.filter((one) => one === fingerprint) : all;
    if (fingerprints.length > 0) return { ...file, fingerprints };
    context.skip({ file: file.name, because: "holds no key with the fingerprint that the provider names" });
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    context.skip({ file: file.name, because: `holds no key that can be read: ${error.message}` });
  }
  return undefined;
}
