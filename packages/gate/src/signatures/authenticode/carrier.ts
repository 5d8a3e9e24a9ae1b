/** What holds signatures, as every kind of file shows it. @module */

import type { DigestName } from "../../cms/algorithm.ts";
import type { Finding } from "../../finding.ts";
import type { SignatureBlob } from "./certificate-table.ts";
import type { SignedFile } from "./judgement.ts";
import type { SignedContent } from "./signature.ts";

export interface Carrier {
  readonly blobs: readonly SignatureBlob[];
  readonly findings: readonly Finding[];
  /** What its signatures are over. Default: the digest of a file. */
  readonly content?: SignedContent;
  /** Reads the file once for all digests that its signatures name. */
  digest(algorithms: ReadonlySet<DigestName>): Promise<SignedFile>;
}

export const NO_SIGNATURES: Carrier = {
  blobs: [],
  findings: [],
  digest: () => Promise.reject(new Error("a file without signatures has no digest to compare")),
};
