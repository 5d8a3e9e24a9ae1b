/**
 * What a package or a bundle says it is. Sources: Microsoft Learn, "Package manifest schema reference", "Identity";
 * "Bundle manifest schema", "Package".
 * @module
 */

import { ArtifactError } from "@sallyport/core";
import type { ZipLookup } from "../../formats/zip/lookup.ts";
import { elementsOf, onlyElement, type XmlElement } from "../../xml/element.ts";
import { readXml } from "../../xml/read-xml.ts";
import { NAMES } from "./names.ts";

const MAX_MANIFEST_BYTES = 16 * 1024 * 1024;
/** One for each system and language; each is opened. */
const MAX_PACKAGES = 1000;

export interface Manifest {
  readonly isBundle: boolean;
  readonly name: string;
  readonly publisher: string;
  /** Of a bundle. */
  readonly packages: readonly BundledPackage[];
}

export interface BundledPackage {
  readonly fileName: string;
  /** Where its bytes begin in the bundle; absent for one that lies outside. */
  readonly offset: number | undefined;
  readonly sizeBytes: number | undefined;
}

/**
 * @returns undefined when the archive has neither manifest
 * @throws {@link ArtifactError} `artifact.malformed` when it has both, or one that says nothing
 */
export async function readManifest(zip: ZipLookup): Promise<Manifest | undefined> {
  const bundle = zip.find(NAMES.bundleManifest);
  const plain = zip.find(NAMES.manifest);
  if (bundle !== undefined && plain !== undefined)
    throw new ArtifactError(
      "artifact.malformed",
      "appx: it has the manifest of a package and that of a bundle",
    );
  const entry = bundle ?? plain;
  if (entry === undefined) return undefined;
  const root = readXml(await zip.read(entry, MAX_MANIFEST_BYTES));
  const identity = onlyElement(root, "Identity");
  const name = identity?.attributes.get("Name");
  const publisher = identity?.attributes.get("Publisher");
  if (name === undefined || publisher === undefined)
    throw new ArtifactError("artifact.malformed", "appx: its manifest does not say who it is by");
  const isBundle = bundle !== undefined;
  return { isBundle, name, publisher, packages: isBundle ? readPackages(root) : [] };
}

function readPackages(root: XmlElement): BundledPackage[] {
  const list = onlyElement(root, "Packages");
  if (list === undefined) throw new ArtifactError("artifact.malformed", "appx: the bundle lists no packages");
  const packages = elementsOf(list, "Package");
  if (packages.length > MAX_PACKAGES)
    throw new ArtifactError(
      "artifact.over-limit",
      `appx: the bundle lists more than ${MAX_PACKAGES} packages`,
    );
  return packages.map(({ attributes }) => {
    const fileName = attributes.get("FileName");
    if (fileName === undefined)
      throw new ArtifactError("artifact.malformed", "appx: the bundle lists a package without a name");
    return {
      fileName,
      offset: readCount(attributes.get("Offset")),
      sizeBytes: readCount(attributes.get("Size")),
    };
  });
}

const readCount = (text: string | undefined): number | undefined =>
  text !== undefined && /^[0-9]{1,15}$/.test(text) ? Number(text) : undefined;
