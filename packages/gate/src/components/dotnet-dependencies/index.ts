/**
 * What a .NET application was published with: NuGet packages, and the runtime where it brings its own.
 * Source: .NET, "Runtime configuration files: deps.json"; NuGet, package ids.
 * @module
 */

import type { Component, Json } from "@sallyport/core";
import { isJsonObject, member, textMember } from "../../json/read-json.ts";
import { declare } from "../declare.ts";
import type { ComponentFinder } from "../finder.ts";
import { purlOf } from "../package-url.ts";
import { readMemberJson } from "../read-member.ts";

const FOUND_BY = "dotnet-dependencies";
const MAX_BYTES = 16 * 1024 * 1024;
/** `runtimepack.Microsoft.NETCore.App.Runtime.win-x64`: the platform stands behind the framework. */
const RUNTIME =
  /^(?:runtimepack\.)?(Microsoft\.(?:NETCore|WindowsDesktop|AspNetCore)\.App)\.Runtime\.(?:Mono\.)?[a-z0-9.-]+$/;
const TITLES: ReadonlyMap<string, string> = new Map([
  ["Microsoft.NETCore.App", ".NET Runtime"],
  ["Microsoft.AspNetCore.App", "ASP.NET Core Runtime"],
  ["Microsoft.WindowsDesktop.App", ".NET Desktop Runtime"],
]);

export const dotnetDependencies: ComponentFinder = {
  id: FOUND_BY,
  question: "Which NuGet packages and which .NET does it bring along?",
  document: ".NET, deps.json",
  wants: ({ path, sizeBytes }) => sizeBytes <= MAX_BYTES && path.endsWith(".deps.json"),
  async find(source) {
    const document = await readMemberJson(source, "deps.json");
    const libraries = member(document, "libraries");
    if (!isJsonObject(libraries)) return undefined;
    const needs = dependenciesIn(document);
    const components = Object.entries(libraries).flatMap(([key, about]) => toComponent(key, about, needs));
    return components.length === 0 ? undefined : { components };
  },
};

/** Keys are `name/version`. */
function toComponent(key: string, about: Json, needs: ReadonlyMap<string, readonly string[]>): Component[] {
  const slash = key.indexOf("/");
  const [product, version] = [key.slice(0, slash), key.slice(slash + 1)];
  if (slash <= 0 || version === "") return [];
  const type = textMember(about, "type");
  const framework = RUNTIME.exec(product)?.[1];
  if (framework !== undefined && type !== "project")
    return [
      declare({
        foundBy: FOUND_BY,
        product: TITLES.get(framework) ?? framework,
        vendor: "Microsoft",
        version,
        type: "framework",
        identifiers: [purlOf({ type: "nuget", name: product.replace(/^runtimepack\./, ""), version })],
      }),
    ];
  if (type !== "package") return [];
  const dependsOn = (needs.get(key) ?? []).map((name) => purlOf({ type: "nuget", name }).value);
  const identifiers = [purlOf({ type: "nuget", name: product, version })];
  return [declare({ foundBy: FOUND_BY, product, version, identifiers, dependsOn })];
}

function dependenciesIn(document: Json): ReadonlyMap<string, readonly string[]> {
  const needs = new Map<string, readonly string[]>();
  const targets = member(document, "targets");
  for (const target of isJsonObject(targets) ? Object.values(targets) : [])
    for (const [key, about] of isJsonObject(target) ? Object.entries(target) : []) {
      const dependencies = member(about, "dependencies");
      if (isJsonObject(dependencies)) needs.set(key, Object.keys(dependencies));
    }
  return needs;
}
