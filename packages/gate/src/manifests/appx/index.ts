/**
 * App packages and bundles of Windows: `AppxManifest.xml`, `AppxBundleManifest.xml`; and extensions of Business
 * Central: `NavxManifest.xml`. Sources: Microsoft Learn, "Package manifest schema reference"; "Bundle manifest schema".
 * @module
 */

import type { Identifier } from "@sallyport/core";
import type { Identity } from "../../artifact.ts";
import { onlyElement, type XmlElement } from "../../xml/element.ts";
import { readXml } from "../../xml/read-xml.ts";
import type { Conclusion, ContainerContents, Manifest } from "../manifest.ts";
import { familyName } from "./family-name.ts";

const MANIFESTS = ["AppxManifest.xml", "AppxMetadata/AppxBundleManifest.xml", "NavxManifest.xml"];
const MAX_BYTES = 4 * 1024 * 1024;

export const appx: Manifest = {
  id: "appx",
  title: "Windows app package",
  document: "Microsoft Learn, Package manifest schema reference",
  containers: ["appx", "appxbundle", "navx"],
  wants: (name) => (MANIFESTS.includes(name) ? { heldBytes: MAX_BYTES } : undefined),
  conclude,
};

function conclude({ members }: ContainerContents): Conclusion | undefined {
  const bytes = MANIFESTS.flatMap((name) => members.get(name)?.bytes ?? [])[0];
  if (bytes === undefined) return undefined;
  const root = readXml(bytes);
  const identity = readIdentity(root) ?? readApp(root);
  return identity === undefined ? undefined : { identity, identifiers: identifiersOf(root) };
}

function identifiersOf(root: XmlElement): Identifier[] {
  const attributes = onlyElement(root, "Identity")?.attributes;
  const [name, publisher] = [attributes?.get("Name"), attributes?.get("Publisher")];
  return name && publisher ? [{ kind: "package-id", value: `appx:${familyName(name, publisher)}` }] : [];
}

/** The name that updates go by, not the one that is shown: that one is translated. */
function readIdentity(root: XmlElement): Identity | undefined {
  const attributes = onlyElement(root, "Identity")?.attributes;
  const properties = onlyElement(root, "Properties");
  const shown = properties && onlyElement(properties, "PublisherDisplayName")?.text.trim();
  const company = shown && !shown.startsWith("ms-resource:") ? shown : attributes?.get("Publisher");
  const architecture = attributes?.get("ProcessorArchitecture")?.toLowerCase();
  return make(attributes?.get("Name"), attributes?.get("Version"), {
    ...(company && { company }),
    ...(architecture && architecture !== "neutral" && { architecture }),
  });
}

function readApp(root: XmlElement): Identity | undefined {
  const attributes = onlyElement(root, "App")?.attributes;
  const company = attributes?.get("Publisher");
  return make(attributes?.get("Name"), attributes?.get("Version"), company ? { company } : {});
}

const make = (
  product: string | undefined,
  version: string | undefined,
  more: Identity,
): Identity | undefined => (product && version ? { product, version, ...more } : undefined);
