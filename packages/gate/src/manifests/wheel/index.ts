/**
 * Python wheels. `RECORD` names every file with its hash, and an installer must refuse what is not so: one that checks
 * and one that does not would install different things. Source: PEP 427, PEP 376; PyPA, binary distribution format.
 * @module
 */

import type { Conclusion, ContainerContents, Manifest } from "../manifest.ts";
import { pythonIdentifiers, readPythonIdentity } from "../python-metadata.ts";
import { compareRecord } from "./record.ts";

const METADATA = /^([^/]+\.dist-info)\/METADATA$/;
const DESCRIPTION_BYTES = 1024 * 1024;
/** A wheel of fifty thousand files. */
const RECORD_BYTES = 6 * 1024 * 1024;

export const wheel: Manifest = {
  id: "whl",
  title: "Python wheel",
  document: "PEP 427",
  containers: ["whl"],
  wants(name) {
    if (METADATA.test(name)) return { heldBytes: DESCRIPTION_BYTES };
    return /^[^/]+\.dist-info\/RECORD$/.test(name) ? { heldBytes: RECORD_BYTES } : {};
  },
  conclude,
};

function conclude(contents: ContainerContents): Conclusion | undefined {
  const found = [...contents.members].flatMap(([name, seen]) => {
    const folder = METADATA.exec(name)?.[1];
    return folder === undefined ? [] : [{ folder, seen }];
  });
  const [first] = found;
  if (first === undefined || found.length !== 1) return undefined;
  const { bytes } = first.seen;
  const identity = bytes === undefined ? undefined : readPythonIdentity(bytes);
  return {
    findings: compareRecord(contents, `${first.folder}/RECORD`),
    ...(identity === undefined ? {} : { identity, identifiers: pythonIdentifiers(identity) }),
  };
}
