/**
 * Python distributions as they stand installed: the metadata of each, in a folder that names it.
 * Sources: PyPA, "Recording installed projects", core metadata; setuptools, "egg-info" and "EGG-INFO".
 * @module
 */

import { readExactly } from "@sallyport/core";
import { readHeaders } from "../../manifests/headers.ts";
import { pythonIdentifiers } from "../../manifests/python-metadata.ts";
import { declare } from "../declare.ts";
import type { ComponentFinder } from "../finder.ts";

const METADATA =
  /(?:^|\/)(?:[^/]+\.dist-info\/METADATA|[^/]+\.egg-info\/PKG-INFO|EGG-INFO\/PKG-INFO|[^/]+\.egg-info)$/;
const MAX_BYTES = 2 * 1024 * 1024;
const MAX_REQUIREMENTS = 500;

export const pythonPackage: ComponentFinder = {
  id: "python-package",
  question: "Which Python distributions are installed in it?",
  document: "PyPA, recording installed projects; core metadata",
  wants: ({ path, sizeBytes }) => sizeBytes <= MAX_BYTES && METADATA.test(path),
  async find(source) {
    const bytes = await readExactly(source, 0, source.sizeBytes, "the metadata");
    const headers = readHeaders(bytes, "the metadata", "folded");
    const [product, version] = [headers.get("name"), headers.get("version")];
    if (!product || !version) return undefined;
    return {
      components: [
        declare({
          foundBy: "python-package",
          product,
          version,
          vendor: known(headers.get("author") ?? headers.get("maintainer")),
          licence: licenceOf(headers),
          identifiers: pythonIdentifiers({ product, version }),
          dependsOn: requirementsOf(bytes),
        }),
      ],
    };
  },
};

/** Older tools write `UNKNOWN` for what was not given. */
const known = (text: string | undefined): string | undefined => (text === "UNKNOWN" ? undefined : text);

/** An expression since core metadata 2.4; before that any text, at times the whole licence. */
function licenceOf(headers: ReadonlyMap<string, string>): string | undefined {
  const text = known(headers.get("license-expression") ?? headers.get("license"));
  return text !== undefined && text.length <= 100 && !text.includes("\n") ? text : undefined;
}

/** What is needed without anybody asking for extras. */
function requirementsOf(bytes: Buffer): string[] {
  const names = [
    ...bytes
      .toString("utf8")
      .matchAll(/^Requires-Dist: *([A-Za-z0-9][A-Za-z0-9._-]{0,100})([^\r\n]{0,500})/gm),
  ]
    .slice(0, MAX_REQUIREMENTS)
    .flatMap(([, name = "", rest = ""]) => (rest.includes("extra ==") ? [] : name));
  return [...new Set(names)].flatMap((product) => pythonIdentifiers({ product }).map(({ value }) => value));
}
