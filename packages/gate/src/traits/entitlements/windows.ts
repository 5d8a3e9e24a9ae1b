/**
 * What Windows lets a program do: capabilities and extensions of an MSIX package, and the execution level in a program's
 * own manifest. Sources: Microsoft Learn, "App capability declarations", "Package manifest schema reference",
 * "Application manifests".
 * @module
 */

import { type ByteSource, readExactly } from "@sallyport/core";
import { readPeHeaders } from "../../formats/pe/headers.ts";
import { findResource, RESOURCE_TYPE } from "../../formats/pe/resources.ts";
import { elementsOf, type XmlElement } from "../../xml/element.ts";
import { readXml } from "../../xml/read-xml.ts";
import { type Grants, makeGrants } from "./grants.ts";

const MAX_MANIFEST_BYTES = 1024 * 1024;
const LIMITS = { maxBytes: 4 * 1024 * 1024, maxNodes: 100_000 };

/** @throws {@link ArtifactError} when it is no XML */
export function readPackageGrants(bytes: Buffer): Grants {
  const root = readXml(bytes, LIMITS);
  const granted: string[] = [];
  for (const element of descendants(root)) {
    const { name, attributes } = element;
    if (CAPABILITIES.has(name)) granted.push(attributes.get("Name") ?? name);
    if (name === "Extension") granted.push(`extension: ${attributes.get("Category") ?? "unknown"}`);
    if (name === "Service") granted.push(`service: ${attributes.get("StartAccount") ?? "unknown"}`);
  }
  return makeGrants("windows-app", granted);
}

const CAPABILITIES: ReadonlySet<string> = new Set(["Capability", "DeviceCapability", "CustomCapability"]);

/** @returns undefined for programs without a manifest */
export async function readProgramGrants(source: ByteSource): Promise<Grants | undefined> {
  const headers = await readPeHeaders(source);
  const range = await findResource(source, headers, RESOURCE_TYPE.manifest);
  if (range === undefined || range.sizeBytes > MAX_MANIFEST_BYTES) return undefined;
  const bytes = await readExactly(source, range.offsetBytes, range.sizeBytes, "PE: manifest");
  // Tools fill the resource up with zeros.
  const end = bytes.findLastIndex((byte) => byte !== 0) + 1;
  const granted: string[] = [];
  for (const { name, attributes } of descendants(readXml(bytes.subarray(0, end), LIMITS))) {
    if (name !== "requestedExecutionLevel") continue;
    granted.push(`execution level: ${attributes.get("level") ?? "asInvoker"}`);
    if (attributes.get("uiAccess")?.toLowerCase() === "true") granted.push("uiAccess");
  }
  return makeGrants("windows-program", granted);
}

function* descendants(root: XmlElement): Generator<XmlElement> {
  const waiting = [root];
  for (let element = waiting.pop(); element !== undefined; element = waiting.pop()) {
    yield element;
    waiting.push(...elementsOf(element));
  }
}
