/**
 * A bundle's manifest: what it calls itself, and what the numbered files in its containers are.
 * Source: WiX Toolset, src/burn/engine/manifest.cpp, payload.cpp, container.cpp, registration.cpp; the same elements
 * and attributes in versions 3 and 4.
 * @module
 */

import type { Identity } from "../../artifact.ts";
import { elementsOf, onlyElement, type XmlElement } from "../../xml/element.ts";
import { readXml } from "../../xml/read-xml.ts";
import { installerPath } from "../installer-path.ts";

export interface Payload {
  /** Where it is to go, below the bundle's cache. */
  readonly name: string;
  readonly sizeBytes: number | undefined;
  /** Lower-case hex: SHA-1 before version 4, then SHA-512. */
  readonly hash: string | undefined;
}

export interface Manifest {
  readonly identity: Identity;
  /** Of the application container, by the name in the cabinet. */
  readonly application: ReadonlyMap<string, Payload>;
  /** Of the attached containers, by their index. */
  readonly containers: ReadonlyMap<number, ReadonlyMap<string, Payload>>;
}

const ROOT = "BurnManifest";

/** @throws {@link ArtifactError} `artifact.malformed` for bad XML; @returns undefined for another document */
export function readManifest(bytes: Buffer): Manifest | undefined {
  const root = readXml(bytes);
  if (root.name !== ROOT) return undefined;
  const application = onlyElement(root, "UX");
  const indexes = new Map(
    elementsOf(root, "Container").map(({ attributes }) => [
      attributes.get("Id"),
      Number(attributes.get("AttachedIndex") ?? Number.NaN),
    ]),
  );
  const byContainer = Map.groupBy(elementsOf(root, "Payload"), ({ attributes }) =>
    indexes.get(attributes.get("Container")),
  );
  const containers = new Map<number, ReadonlyMap<string, Payload>>();
  for (const [index, payloads] of byContainer)
    if (index !== undefined && Number.isSafeInteger(index)) containers.set(index, payloadsOf(payloads));
  return {
    identity: identityOf(root),
    application: payloadsOf(
      application === undefined ? [] : elementsOf(application, "Payload"),
      "application/",
    ),
    containers,
  };
}

function payloadsOf(elements: readonly XmlElement[], folder = ""): Map<string, Payload> {
  const payloads = new Map<string, Payload>();
  for (const { attributes } of elements) {
    const source = attributes.get("SourcePath");
    const name = installerPath(attributes.get("FilePath") ?? source ?? "");
    if (source === undefined || name === "") continue;
    const size = Number(attributes.get("FileSize") ?? Number.NaN);
    payloads.set(source, {
      name: folder + name,
      sizeBytes: Number.isSafeInteger(size) ? size : undefined,
      hash: attributes.get("Hash")?.toLowerCase(),
    });
  }
  return payloads;
}

function identityOf(root: XmlElement): Identity {
  const registration = onlyElement(root, "Registration");
  const entry = registration && onlyElement(registration, "Arp");
  const product = entry?.attributes.get("DisplayName");
  const company = entry?.attributes.get("Publisher");
  const version = entry?.attributes.get("DisplayVersion") ?? registration?.attributes.get("Version");
  return { ...(product && { product }), ...(company && { company }), ...(version && { version }) };
}
