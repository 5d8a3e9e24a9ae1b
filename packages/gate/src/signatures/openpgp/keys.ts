/** The certificates among the keys that were brought. @module */

import { ArtifactError } from "@sallyport/core";
import { type Certificate, readCertificates } from "@sallyport/openpgp";
import type { BroughtFile } from "../../brought.ts";
import type { Finding } from "../../finding.ts";
import { findKeyFiles, isRevocation, readBrought } from "./brought-files.ts";

/** All certificates of the key files among those brought, joined; what cannot be read is told. */
export async function readKeys(
  keys: readonly BroughtFile[],
  result: { readonly findings: Finding[] },
): Promise<readonly Certificate[]> {
  const files = [];
  for (const file of await findKeyFiles(keys))
    try {
      const bytes = await readBrought(file);
      if (readCertificates([{ name: file.name, bytes }]).length === 0 && !isRevocation(bytes))
        throw new ArtifactError("artifact.unsupported", "OpenPGP: there is no key of a version known here");
      files.push({ name: file.name, bytes });
    } catch (error) {
      if (!(error instanceof ArtifactError)) throw error;
      const because = `the keys in ${file.name} cannot be read: ${error.message}`;
      result.findings.push({ check: "integrity", outcome: "unknown", because, facts: { file: file.name } });
    }
  return readCertificates(files);
}
