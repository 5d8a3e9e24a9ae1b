/**
 * What a package's signature is over: a few lines that name a version and the package's digest.
 * Source: NuGet, "Package Signatures Technical Details", signature content.
 * @module
 */

import { ArtifactError } from "@sallyport/core";
import { type DigestName, digestNamed } from "../../cms/algorithm.ts";

export interface SignatureContent {
  readonly digestOid: string;
  readonly digestName: DigestName | undefined;
  readonly digest: Buffer;
}

const MAX_CONTENT_BYTES = 4096;
const CONTENT = /^Version:1(\r?\n)\1([0-9.]{3,60})-Hash:([A-Za-z0-9+/]{20,200}={0,2})\1\1$/;

/** @throws {@link ArtifactError} `artifact.malformed` on anything but one version and one digest */
export function readContent(octets: Buffer): SignatureContent {
  if (octets.length > MAX_CONTENT_BYTES) throw malformed("is longer than a version and a digest");
  const text = octets.toString("latin1");
  if (/^Version:(?!1\r?\n)/.test(text))
    throw new ArtifactError(
      "artifact.unsupported",
      "nuget: the signature is of a version that is not known here",
    );
  const [, , digestOid = "", digest = ""] = CONTENT.exec(text) ?? [];
  if (digestOid === "") throw malformed("is not a version and a digest");
  return { digestOid, digestName: digestNamed(digestOid), digest: Buffer.from(digest, "base64") };
}

const malformed = (message: string): ArtifactError =>
  new ArtifactError("artifact.malformed", `nuget: what is signed ${message}`);
