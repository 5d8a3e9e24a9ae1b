/**
 * Signed NuGet packages: by their author, by the repository, or by the author with the repository's word on it.
 * Source: NuGet, "Package Signatures Technical Details", "Repository Signatures".
 * @module
 */

import { ArtifactError, type ByteSource } from "@sallyport/core";
import { findLooseBytes } from "../../code-signing/signature-member.ts";
import { NO_SIGNATURE, verifyInZip } from "../../code-signing/zip-package.ts";
import { ZIP_FORMATS } from "../../formats/zip/flavour.ts";
import type { ZipEntry, ZipLookup } from "../../formats/zip/lookup.ts";
import type { SignatureScheme, Verification, VerifyContext } from "../scheme.ts";
import { judgePrimary } from "./primary.ts";

export const SIGNATURE_NAME = ".signature.p7s";
const MAX_SIGNATURE_BYTES = 4 * 1024 * 1024;

export const nuget: SignatureScheme = {
  id: "nuget",
  question: "Who signed this NuGet package, and does the signature cover all of it?",
  document: "NuGet, Package Signatures Technical Details",
  formats: ZIP_FORMATS,
  verify: (source, context) =>
    verifyInZip(source, context, {
      scheme: "nuget",
      own: ["nupkg"],
      verify: (zip) => verify(source, zip, context),
    }),
};

async function verify(source: ByteSource, zip: ZipLookup, context: VerifyContext): Promise<Verification> {
  const signature = zip.find(SIGNATURE_NAME);
  if (signature === undefined) return NO_SIGNATURE;
  expectPlain(signature);
  const bytes = await zip.read(signature, MAX_SIGNATURE_BYTES);
  const { signatures, findings } = await judgePrimary(bytes, { source, zip, signature }, context);
  return { signatures, findings: [...findings, ...(await findLooseBytes(source, zip, signature))] };
}

/** As NuGet demands it of this member; otherwise its own reader takes the package for one that is not signed. */
function expectPlain({ flags, method }: ZipEntry): void {
  if (flags !== 0 || method !== 0)
    throw new ArtifactError(
      "artifact.malformed",
      `nuget: ${SIGNATURE_NAME} is packed or named in another way`,
    );
}
