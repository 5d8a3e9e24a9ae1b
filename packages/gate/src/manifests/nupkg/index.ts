/** NuGet packages, and Chocolatey's: the `.nuspec` at their root. Source: NuGet, .nuspec reference. @module */

import { purlOf } from "../../components/package-url.ts";
import { onlyElement } from "../../xml/element.ts";
import { readXml } from "../../xml/read-xml.ts";
import type { Conclusion, ContainerContents, Manifest } from "../manifest.ts";

const SPECIFICATION = /^[^/]+\.nuspec$/i;
const MAX_BYTES = 1024 * 1024;
/** What only Chocolatey runs: then it is no package of NuGet's. */
const CHOCOLATEY = /^tools\/chocolatey[a-z]{1,40}\.ps1$/i;

export const nupkg: Manifest = {
  id: "nupkg",
  title: "NuGet package",
  document: "NuGet, .nuspec reference",
  containers: ["nupkg"],
  wants(name) {
    if (CHOCOLATEY.test(name)) return {};
    return SPECIFICATION.test(name) ? { heldBytes: MAX_BYTES } : undefined;
  },
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
  const isChocolatey = [...members.keys()].some((name) => CHOCOLATEY.test(name));
  return {
    identity: { product, version, ...(company === undefined ? {} : { company }) },
    identifiers: [
      isChocolatey
        ? { kind: "package-id", value: `chocolatey:${product}` }
        : purlOf({ type: "nuget", name: product, version }),
    ],
  };
}
