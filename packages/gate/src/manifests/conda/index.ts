/**
 * Conda packages: `info/index.json`, in the one tar of the older kind, or in the tar of descriptions that stands in the
 * zip of the newer one. Source: conda, "Conda packages"; CEP 34.
 * @module
 */

import { purlOf } from "../../components/package-url.ts";
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
  const build = textMember(document, "build");
  if (product === undefined || version === undefined || build === undefined) return undefined;
  const qualifiers = { build, ...(platform === undefined ? {} : { subdir: platform }) };
  return {
    format: "conda",
    identifiers: [purlOf({ type: "conda", name: product, version, qualifiers })],
    identity: { product, version, ...(platform === undefined ? {} : { architecture: platform }) },
  };
}
