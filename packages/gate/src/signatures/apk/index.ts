/**
 * Android packages signed as a whole: the signing block between the members and the directory.
 * Sources: Android, "APK Signature Scheme v2", "v3", "v3.1".
 * @module
 */

import { ArtifactError, type ByteSource } from "@sallyport/core";
import { NO_SIGNATURE, verifyInZip } from "../../code-signing/zip-package.ts";
import { ZIP_FORMATS } from "../../formats/zip/flavour.ts";
import type { ZipLookup } from "../../formats/zip/lookup.ts";
import { readSigningBlock } from "../../formats/zip/signing-block.ts";
import type { SignatureScheme, Verification, VerifyContext } from "../scheme.ts";
import { algorithmOf } from "./algorithms.ts";
import { contentDigests } from "./content-digest.ts";
import { judgeApkSigner } from "./judgement.ts";
import { findLooseValues } from "./loose.ts";
import { readBlockSigners } from "./signer.ts";
import { findStrangers } from "./succession.ts";

export const apk: SignatureScheme = {
  id: "apk",
  question: "Who signed this Android package, and does the signature cover all of it?",
  document: "Android, APK Signature Scheme v2, v3 and v3.1",
  formats: ZIP_FORMATS,
  verify: (source, context) =>
    verifyInZip(source, context, {
      scheme: "apk",
      own: ["apk"],
      verify: (zip) => verify(source, zip, context),
    }),
};

async function verify(source: ByteSource, zip: ZipLookup, context: VerifyContext): Promise<Verification> {
  const { directoryOffset, directoryBytes, baseOffset } = zip.end;
  const block = await readSigningBlock(source, directoryOffset);
  if (block === undefined) return NO_SIGNATURE;
  if (baseOffset !== 0)
    throw new ArtifactError("artifact.malformed", "apk: the offsets do not count from the beginning");
  const signers = await readBlockSigners(source, block);
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
    findings: [
      ...judged.flatMap(({ findings }) => findings),
      ...findStrangers(signers),
      ...(await findLooseValues(source, block)),
    ],
  };
}
