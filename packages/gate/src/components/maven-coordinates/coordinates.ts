/** What Maven leaves in archives it built. Source: Apache Maven Archiver, pom.properties. @module */

import type { Identifier } from "@sallyport/core";
import { purlOf } from "../package-url.ts";

/** As far as Maven uses it: one `name=value` a line. */
export function readCoordinates(bytes: Buffer | undefined): ReadonlyMap<string, string> {
  const pairs = (bytes?.toString("latin1") ?? "").split(/\r?\n/).flatMap((line): [string, string][] => {
    const at = line.indexOf("=");
    return at <= 0 || line.startsWith("#") ? [] : [[line.slice(0, at).trim(), line.slice(at + 1).trim()]];
  });
  return new Map(pairs.filter(([, value]) => value !== ""));
}

/** @returns the package URL, when group, artifact and version are there */
export function mavenIdentifiers(coordinates: ReadonlyMap<string, string>): Identifier[] {
  const [namespace, name, version] = ["groupId", "artifactId", "version"].map((key) => coordinates.get(key));
  if (!namespace || !name || !version || [namespace, name, version].some((text) => text.includes("${")))
    return [];
  return [purlOf({ type: "maven", namespace, name, version })];
}
