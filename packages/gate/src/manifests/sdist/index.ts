/**
 * Python source distributions: a tar whose one folder holds `PKG-INFO`.
 * Source: PyPA, source distribution format (PEP 517, PEP 625).
 * @module
 */

import type { Conclusion, ContainerContents, Manifest } from "../manifest.ts";
import { pythonIdentifiers, readPythonIdentity } from "../python-metadata.ts";

/** What is installed has such a file as well, in a folder of its own. */
const METADATA = /^(?:\.\/)?[^/]+(?<!\.egg-info)\/PKG-INFO$/;
const MAX_BYTES = 1024 * 1024;

export const sdist: Manifest = {
  id: "sdist",
  title: "Python source distribution",
  document: "PyPA, source distribution format",
  containers: ["tar", "zip"],
  wants: (name) => (METADATA.test(name) ? { heldBytes: MAX_BYTES } : undefined),
  conclude,
};

function conclude({ members, format }: ContainerContents): Conclusion | undefined {
  const found = [...members].filter(([name]) => METADATA.test(name));
  const [[, { bytes }] = ["", { bytes: undefined }]] = found;
  if (bytes === undefined || found.length !== 1) return undefined;
  const identity = readPythonIdentity(bytes);
  if (identity === undefined) return undefined;
  // A zip keeps the name by which signatures in it are looked for.
  const claims = { identity, identifiers: pythonIdentifiers(identity) };
  return format === "tar" ? { format: "sdist", ...claims } : claims;
}
