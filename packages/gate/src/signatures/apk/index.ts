/**
 * Android packages signed as a whole: the signing block between the members and the directory.
 * Sources: Android, "APK Signature Scheme v2", "v3", "v3.1".
 * @module
 */

import { ArtifactError, type ByteSource, readExactly } from "@sallyport/core";
import { NO_SIGNATURE, verifyInZip } from "../../code-signing/zip-package.ts";
import { ZIP_FORMATS } from "../../formats/zip/flavour.ts";
import type { ZipLookup } from "../../formats/zip/lookup.ts";
import { readSigningBlock, type SigningBlock } from "../../formats/zip/signing-block.ts";
import type { SignatureScheme, Verification, VerifyContext } from "../scheme.ts";
import { algorithmOf } from "./algorithms.ts";
import { contentDigests } from "./content-digest.ts";
import { judgeApkSigner } from "./judgement.ts";
import { findLooseValues } from "./loose.ts";
import { readSigners, SCHEMES, type Signer } from "./signer.ts";

export const apk: SignatureScheme = {
  id: "apk",
  question: "Who signed this Android package, and does the signature cover all of it?",
  document: "Android, APK Signature Scheme v2, v3 and v3.1",
  formats: ZIP_FORMATS,
  verify: (source, context) =>
    verifyInZip(source, context, { own: ["apk"], verify: (zip) => verify(source, zip, context) }),
};

const MAX_VALUE_BYTES = 4 * 1024 * 1024;

async function verify(source: ByteSource, zip: ZipLookup, context: VerifyContext): Promise<Verification> {
  const { directoryOffset, directoryBytes, baseOffset } = zip.end;
  const block = await readSigningBlock(source, directoryOffset);
  if (block === undefined) return NO_SIGNATURE;
  if (baseOffset !== 0)
    throw new ArtifactError("artifact.malformed", "apk: the offsets do not count from the beginning");
  const signers = await readAll(source, block);
  const names = new Set(
    signers.flatMap(({ digests }) => digests.flatMap(({ id }) => algorithmOf(id)?.digest ?? [])),
  );
  const sections = { source, blockOffset: block.offset, directoryOffset, directoryBytes };
  const digests = await contentDigests(sections, names, context.budget);
  const schemes = new Set(signers.map(({ scheme }) => scheme));
  const judged = signers.map((signer, position) =>
    judgeApkSigner(signer, { digests, schemes }, { position, context }),
  );
  return {
    signatures: judged.map(({ report }) => report),
    findings: [...judged.flatMap(({ findings }) => findings), ...(await findLooseValues(source, block))],
  };
}

async function readAll(source: ByteSource, block: SigningBlock): Promise<readonly Signer[]> {
  const signers: Signer[] = [];
  const seen = new Set<number>();
  for (const { id, valueOffset, valueBytes } of block.pairs) {
    const scheme = SCHEMES.get(id);
    if (scheme === undefined) continue;
    if (seen.has(id)) throw new ArtifactError("artifact.malformed", `apk: scheme ${scheme} is there twice`);
    seen.add(id);
    if (valueBytes > MAX_VALUE_BYTES)
      throw new ArtifactError("artifact.over-limit", "apk: a signature is larger than any signer writes");
    const value = await readExactly(source, valueOffset, valueBytes, "apk: signature");
    const list = readSigners(value, scheme);
    if (list.length === 0)
      throw new ArtifactError("artifact.malformed", `apk: scheme ${scheme} has no signer`);
    signers.push(...list);
  }
  return signers;
}
