/**
 * Descriptions written as JSON. Sources: npm, package.json, "dependencies" and what follows it; Visual Studio Code,
 * "Extension Manifest" (extensionDependencies, extensionPack); Composer, "The composer.json schema"; conda, "Package
 * metadata" (info/index.json).
 * @module
 */

import type { Json } from "@sallyport/core";
import { isJsonObject, listMember, member, textMember } from "../../../json/read-json.ts";
import { parseAsNpm } from "../../small-text.ts";
import type { Dependency, Found } from "./declared.ts";

/** @returns undefined when it is no description of a package */
export function readJsonDescription(text: string): Found | undefined {
  const document = parseAsNpm(text);
  if (!isJsonObject(document)) return undefined;
  const product = textMember(document, "name");
  if (listMember(document, "depends") !== undefined && member(document, "build_number") !== undefined)
    return { ecosystem: "conda", product, dependencies: textsOf(document, "depends").map(condaDependency) };
  if (isJsonObject(member(document, "require")))
    return {
      ecosystem: "composer",
      product,
      dependencies: [
        ...pairsOf(document, "require", "runtime"),
        ...pairsOf(document, "require-dev", "development"),
      ],
    };
  if (product === undefined && member(document, "dependencies") === undefined) return undefined;
  return { ecosystem: "npm", product, dependencies: npmDependencies(document) };
}

function npmDependencies(document: Json): Dependency[] {
  return [
    ...pairsOf(document, "devDependencies", "development"),
    ...pairsOf(document, "peerDependencies", "peer"),
    ...["optionalDependencies", "dependencies"].flatMap((group) => pairsOf(document, group, "runtime")),
    ...["extensionDependencies", "extensionPack"].flatMap((group) =>
      textsOf(document, group).map((name) => ({ name, range: "", group: "runtime" as const })),
    ),
  ];
}

function condaDependency(text: string): Dependency {
  const [name = "", ...range] = text.split(" ");
  return { name, range: range.join(" "), group: "runtime" };
}

function pairsOf(document: Json, name: string, group: Dependency["group"]): Dependency[] {
  const pairs = member(document, name);
  if (!isJsonObject(pairs)) return [];
  return Object.entries(pairs).map(([key, range]) => ({
    name: key,
    range: typeof range === "string" ? range : "(no text)",
    group,
  }));
}

const textsOf = (document: Json, name: string): string[] =>
  (listMember(document, name) ?? []).filter((text): text is string => typeof text === "string");
