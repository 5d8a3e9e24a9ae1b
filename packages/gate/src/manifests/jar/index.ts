/**
 * Java archives: the main attributes of their manifest, and the coordinates Maven leaves.
 * Sources: JAR File Specification; OSGi Core §3.2.1; Apache Maven Archiver, pom.properties.
 * @module
 */

import { mavenIdentifiers, readCoordinates } from "../../components/maven-coordinates/coordinates.ts";
import { readHeaders } from "../headers.ts";
import type { Conclusion, ContainerContents, Manifest } from "../manifest.ts";

const MANIFEST = "META-INF/MANIFEST.MF";
const COORDINATES = /^META-INF\/maven\/[^/]+\/[^/]+\/pom\.properties$/;
const MAX_BYTES = 1024 * 1024;
const COORDINATES_BYTES = 16 * 1024;

export const jar: Manifest = {
  id: "jar",
  title: "Java archive",
  document: "JAR File Specification",
  containers: ["jar"],
  wants(name) {
    if (name === MANIFEST) return { heldBytes: MAX_BYTES };
    return COORDINATES.test(name) ? { heldBytes: COORDINATES_BYTES } : undefined;
  },
  conclude,
};

function conclude({ members }: ContainerContents): Conclusion | undefined {
  const bytes = members.get(MANIFEST)?.bytes;
  if (bytes === undefined) return undefined;
  const main = readHeaders(bytes, "the manifest", "cut");
  const poms = [...members].filter(([name]) => COORDINATES.test(name));
  // A JAR that holds several was put together from others.
  const pom = poms.length === 1 ? readCoordinates(poms[0]?.[1].bytes) : new Map<string, string>();
  const first = (...names: string[]) => names.map((name) => main.get(name)).find((text) => text);
  const product =
    first("implementation-title") ??
    pom.get("artifactId") ??
    first("bundle-symbolicname", "bundle-name", "specification-title", "automatic-module-name")?.split(
      ";",
      1,
    )[0];
  const version =
    first("implementation-version") ?? pom.get("version") ?? first("bundle-version", "specification-version");
  const company =
    first("implementation-vendor", "bundle-vendor", "specification-vendor") ?? pom.get("groupId");
  if (product === undefined) return undefined;
  return {
    identity: {
      product,
      ...(version === undefined ? {} : { version }),
      ...(company === undefined ? {} : { company }),
    },
    identifiers: mavenIdentifiers(pom),
  };
}
