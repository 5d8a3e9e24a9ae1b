/**
 * npm packages: a tar whose one folder holds `package.json`. npm takes the folder off, whatever it is called.
 * Source: npm, package.json; npm pack.
 * @module
 */

import { splitName } from "../../components/node-package/name.ts";
import { purlOf } from "../../components/package-url.ts";
import type { Conclusion, ContainerContents, Manifest } from "../manifest.ts";
import { readPackageJson } from "../package-json.ts";

const PACKAGE = /^(?:\.\/)?[^/]+\/package\.json$/;
const MAX_BYTES = 1024 * 1024;

export const npm: Manifest = {
  id: "npm",
  title: "npm package",
  document: "npm, package.json",
  containers: ["tar"],
  wants: (name) => (PACKAGE.test(name) ? { heldBytes: MAX_BYTES } : undefined),
  conclude,
};

function conclude({ members }: ContainerContents): Conclusion | undefined {
  const found = [...members].filter(([name]) => PACKAGE.test(name));
  const [[, { bytes }] = ["", { bytes: undefined }]] = found;
  // A collection of packages is none; a source archive without name and version neither.
  if (bytes === undefined || found.length !== 1) return undefined;
  const identity = readPackageJson(bytes, ["name"]);
  if (identity === undefined) return undefined;
  const { product = "", version = "" } = identity;
  return { format: "npm", identity, identifiers: [purlOf({ type: "npm", ...splitName(product), version })] };
}
