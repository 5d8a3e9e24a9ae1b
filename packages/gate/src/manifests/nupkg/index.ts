/** NuGet packages, and Chocolatey's: the `.nuspec` at their root. Source: NuGet, .nuspec reference. @module */

import { onlyElement } from "../../xml/element.ts";
import { readXml } from "../../xml/read-xml.ts";
import type { Conclusion, ContainerContents, Manifest } from "../manifest.ts";

const SPECIFICATION = /^[^/]+\.nuspec$/i;
const MAX_BYTES = 1024 * 1024;

export const nupkg: Manifest = {
  id: "nupkg",
  title: "NuGet package",
  document: "NuGet, .nuspec reference",
  containers: ["nupkg"],
  wants: (name) => (SPECIFICATION.test(name) ? { heldBytes: MAX_BYTES } : undefined),
  conclude,
};

function conclude({ members }: ContainerContents): Conclusion | undefined {
  const found = [...members].filter(([name]) => SPECIFICATION.test(name));
  const [[, { bytes }] = ["", { bytes: undefined }]] = found;
  if (bytes === undefined || found.length !== 1) return undefined;
  const metadata = onlyElement(readXml(bytes), "metadata");
  const text = (name: string) =>
    (metadata === undefined ? undefined : onlyElement(metadata, name))?.text.trim() || undefined;
  const product = text("id");
  const version = text("version");
  const company = text("authors");
  if (product === undefined || version === undefined) return undefined;
  return { identity: { product, version, ...(company === undefined ? {} : { company }) } };
}
