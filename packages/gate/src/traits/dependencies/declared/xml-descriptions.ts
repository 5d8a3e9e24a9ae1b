/**
 * Descriptions written as XML. Sources: NuGet, ".nuspec reference" (dependencies); Maven, "POM Reference" (dependencies).
 * @module
 */

import { elementsOf, onlyElement, type XmlElement } from "../../../xml/element.ts";
import { readXml } from "../../../xml/read-xml.ts";
import type { Dependency, Found } from "./declared.ts";

/** @returns undefined when it describes no package; @throws ArtifactError when it is no XML */
export function readXmlDescription(bytes: Buffer): Found | undefined {
  const root = readXml(bytes, { maxNodes: 50_000 });
  if (root.name === "project") return readPom(root);
  const metadata = root.name === "package" ? onlyElement(root, "metadata") : undefined;
  return metadata === undefined ? undefined : readNuspec(metadata);
}

function readNuspec(metadata: XmlElement): Found {
  const lists = elementsOf(metadata, "dependencies");
  const groups = lists.flatMap((list) => [list, ...elementsOf(list, "group")]);
  const dependencies = groups
    .flatMap((group) => elementsOf(group, "dependency"))
    .map(
      ({ attributes }): Dependency => ({
        name: attributes.get("id") ?? "",
        range: attributes.get("version") ?? "",
        group: "runtime",
      }),
    );
  return { ecosystem: "nuget", product: onlyElement(metadata, "id")?.text.trim(), dependencies };
}

function readPom(project: XmlElement): Found {
  const text = (element: XmlElement, name: string) => onlyElement(element, name)?.text.trim() ?? "";
  const dependencies = elementsOf(project, "dependencies")
    .flatMap((list) => elementsOf(list, "dependency"))
    .map(
      (element): Dependency => ({
        name: `${text(element, "groupId")}:${text(element, "artifactId")}`,
        range: text(element, "version"),
        group: text(element, "scope") === "test" ? "development" : "runtime",
      }),
    );
  const product = `${text(project, "groupId")}:${text(project, "artifactId")}`;
  return { ecosystem: "maven", product, dependencies };
}
