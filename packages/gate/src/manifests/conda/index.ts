/**
 * Conda packages: `info/index.json`, in the one tar of the older kind, or in the tar of descriptions that stands in the
 * zip of the newer one. Source: conda, "Conda packages"; CEP 34.
 * @module
 */

import { readJson, textMember } from "../../json/read-json.ts";
import type { Conclusion, ContainerContents, Manifest } from "../manifest.ts";

const INDEX = "info/index.json";

export const conda: Manifest = {
  id: "conda",
  title: "conda package",
  document: "conda, packages",
  containers: ["tar"],
  wants: (name) => (name === INDEX ? { heldBytes: 1024 * 1024 } : undefined),
  conclude,
};

function conclude({ members }: ContainerContents): Conclusion | undefined {
  const bytes = members.get(INDEX)?.bytes;
  if (bytes === undefined) return undefined;
  const document = readJson(bytes, INDEX);
  const product = textMember(document, "name");
  const version = textMember(document, "version");
  const platform = textMember(document, "subdir");
  if (product === undefined || version === undefined || textMember(document, "build") === undefined)
    return undefined;
  return {
    format: "conda",
    identity: { product, version, ...(platform === undefined ? {} : { architecture: platform }) },
  };
}
