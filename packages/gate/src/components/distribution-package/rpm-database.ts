/**
 * Headers of installed RPM packages. Sources: RPM, lib/backend/sqlite.cc, table `Packages(hnum, blob)`; RPM manual,
 * "Package format", header structure.
 * @module
 */

import { ArtifactError, type Budget, type ByteSource, type Component } from "@sallyport/core";
import { declare } from "../declare.ts";
import { readTable } from "../sqlite/read-table.ts";
import { readRpmHeader } from "./rpm-header.ts";
import { rpmIdentifier } from "./rpm-name.ts";

/** Keys that rpm keeps as if they were packages. */
const NO_PACKAGE = "gpg-pubkey";

/** @throws {@link ArtifactError} when it is no such database */
export async function readRpmDatabase(source: ByteSource, budget: Budget): Promise<Component[]> {
  const components: Component[] = [];
  for await (const row of readTable(source, "Packages", budget)) {
    const blob = row[1];
    if (!(blob instanceof Buffer))
      throw new ArtifactError("artifact.malformed", "rpm: a row holds no header");
    const component = toComponent(blob);
    if (component !== undefined) components.push(component);
  }
  return components;
}

function toComponent(blob: Buffer): Component | undefined {
  const { texts, epoch } = readRpmHeader(blob);
  const [name = "", version = "", release = ""] = [texts.name, texts.version, texts.release];
  if (name === "" || version === "" || name === NO_PACKAGE) return undefined;
  const vendor = texts.vendor ?? "";
  const whole = release === "" ? version : `${version}-${release}`;
  return declare({
    foundBy: "distribution-package",
    product: name,
    version: epoch === undefined ? whole : `${epoch}:${whole}`,
    vendor,
    licence: texts.licence,
    identifiers: [
      rpmIdentifier({
        name,
        version: whole,
        vendor,
        epoch,
        architecture: texts.architecture ?? "",
        sourcePackage: texts.sourcePackage ?? "",
      }),
    ],
  });
}
