/**
 * Rust crates: what `cargo package` makes of a project, told from a mere source archive by the `Cargo.toml` it keeps.
 * Source: The Cargo Book, "Publishing on crates.io", "The Manifest Format".
 * @module
 */

import { purlOf } from "../../components/package-url.ts";
import type { Conclusion, ContainerContents, Manifest } from "../manifest.ts";

const MANIFEST = /^([^/]+)\/Cargo\.toml$/;
const ORIGINAL = /^[^/]+\/Cargo\.toml\.orig$/;

export const crate: Manifest = {
  id: "crate",
  title: "Rust crate",
  document: "The Cargo Book, the manifest format",
  containers: ["tar"],
  wants(name) {
    if (MANIFEST.test(name)) return { heldBytes: 1024 * 1024 };
    return ORIGINAL.test(name) ? {} : undefined;
  },
  conclude,
};

function conclude({ members }: ContainerContents): Conclusion | undefined {
  const found = [...members].filter(([name]) => MANIFEST.test(name));
  const [[name, { bytes }] = ["", { bytes: undefined }]] = found;
  if (bytes === undefined || found.length !== 1 || !members.has(`${name}.orig`)) return undefined;
  const fields = readPackageTable(bytes.toString("utf8"));
  const product = fields.get("name");
  const version = fields.get("version");
  return product === undefined || version === undefined
    ? undefined
    : {
        format: "crate",
        identity: { product, version },
        identifiers: [purlOf({ type: "cargo", name: product, version })],
      };
}

/** As cargo writes it: one `name = "text"` a line, under `[package]`. */
function readPackageTable(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  let isPackage = false;
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith("[")) isPackage = line.trim() === "[package]";
    const [, name, value] = /^([a-z-]{1,40}) = "([^"\\]{1,200})"$/.exec(line) ?? [];
    if (isPackage && name !== undefined && value !== undefined) fields.set(name, value);
  }
  return fields;
}
