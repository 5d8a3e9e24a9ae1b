/**
 * Packages of npm as they stand installed: `package.json` of each folder in `node_modules`, at any depth. Others of that
 * name say what kind of module a folder holds, or are data of a package's tests.
 * Sources: npm, folders; npm, package.json; pnpm, "Symlinked node_modules structure".
 * @module
 */

import { readExactly } from "@sallyport/core";
import { isJsonObject, member, readJson, textMember } from "../../json/read-json.ts";
import { personName } from "../../manifests/package-json.ts";
import type { ComponentFinder } from "../finder.ts";
import { purlOf } from "../package-url.ts";
import { splitName } from "./name.ts";

const MAX_BYTES = 1024 * 1024;
const NAME = "/package.json";
const MAX_DEPENDENCIES = 500;
/** Folders of packages: in an asar, or unpacked beside it, as well. */
const FOLDER = /^node_modules(?:\.asar(?:\.unpacked)?)?$/;

export const nodePackage: ComponentFinder = {
  id: "node-package",
  question: "Which npm packages are installed in it?",
  document: "npm, folders; npm, package.json",
  wants: ({ path, sizeBytes }) => path.endsWith(NAME) && sizeBytes <= MAX_BYTES && isInstalled(path),
  async find(source) {
    const document = readJson(await readExactly(source, 0, source.sizeBytes, "package.json"), "package.json");
    const whole = textMember(document, "name");
    const version = textMember(document, "version");
    if (!whole || !version) return undefined;
    const vendor = personName(member(document, "author"));
    const licence = licenceOf(document);
    return {
      components: [
        {
          product: whole,
          version,
          type: "library",
          foundBy: "node-package",
          confidence: "declared",
          identifiers: [purlOf({ type: "npm", ...splitName(whole), version })],
          ...(vendor !== undefined && { vendor }),
          ...(licence !== undefined && { licence }),
          dependsOn: dependenciesOf(document),
        },
      ],
    };
  },
};

/** From the first such folder on there is nothing but folders of packages in folders of packages. */
export function isInstalled(path: string): boolean {
  const parts = path.split("/").slice(0, -1);
  let at = parts.findIndex((part) => FOLDER.test(part));
  if (at < 0) return false;
  while (at < parts.length) {
    if (!FOLDER.test(parts[at] ?? "")) return false;
    const next = parts[at + 1] ?? "";
    // pnpm keeps every package in a folder of its own: `.pnpm/name@1.0.0/node_modules/name`.
    at += next.startsWith("@") || next === ".pnpm" ? 3 : 2;
  }
  return at === parts.length;
}

/** Text since npm 2; before that an object, or a list of them. */
function licenceOf(document: ReturnType<typeof readJson>): string | undefined {
  const licence = member(document, "license");
  return textMember(licence, "type") ?? (typeof licence === "string" && licence !== "" ? licence : undefined);
}

/** Without versions: which one is there is told by what is there. */
function dependenciesOf(document: ReturnType<typeof readJson>): string[] {
  const dependencies = member(document, "dependencies");
  if (!isJsonObject(dependencies)) return [];
  return Object.keys(dependencies)
    .filter((name) => name !== "")
    .slice(0, MAX_DEPENDENCIES)
    .map((name) => purlOf({ type: "npm", ...splitName(name) }).value);
}
