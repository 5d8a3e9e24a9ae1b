/**
 * npm packages: a tar whose one folder holds `package.json`. npm takes the folder off, whatever it is called.
 * Source: npm, package.json; npm pack.
 * @module
 */

import type { Json } from "@sallyport/core";
import { member, readJson, textMember } from "../../json/read-json.ts";
import type { Conclusion, ContainerContents, Manifest } from "../manifest.ts";

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
  const document = readJson(bytes, "package.json");
  const product = textMember(document, "name");
  const version = textMember(document, "version");
  if (product === undefined || version === undefined) return undefined;
  const company = personName(member(document, "author"));
  return { format: "npm", identity: { product, version, ...(company === undefined ? {} : { company }) } };
}

/** `Name <address> (page)`, or the same in parts. */
function personName(person: Json | undefined): string | undefined {
  const text = typeof person === "string" ? person : textMember(person, "name");
  const name = text?.split(/[<(]/, 1)[0]?.trim();
  return name === "" ? undefined : name;
}
