/**
 * What Maven built into an archive, also where several archives were put into one: the coordinates of each.
 * Source: Apache Maven Archiver, pom.properties.
 * @module
 */

import { readExactly } from "@sallyport/core";
import { declare } from "../declare.ts";
import type { ComponentFinder } from "../finder.ts";
import { mavenIdentifiers, readCoordinates } from "./coordinates.ts";

const COORDINATES = /(?:^|\/)META-INF\/maven\/[^/]+\/[^/]+\/pom\.properties$/;
const MAX_BYTES = 16 * 1024;

export const mavenCoordinates: ComponentFinder = {
  id: "maven-coordinates",
  question: "Which Java libraries were put into it?",
  document: "Apache Maven Archiver, pom.properties",
  wants: ({ path, sizeBytes }) => sizeBytes <= MAX_BYTES && COORDINATES.test(path),
  async find(source) {
    const bytes = await readExactly(source, 0, source.sizeBytes, "pom.properties");
    const coordinates = readCoordinates(bytes);
    const identifiers = mavenIdentifiers(coordinates);
    if (identifiers.length === 0) return undefined;
    return {
      components: [
        declare({
          foundBy: "maven-coordinates",
          product: coordinates.get("artifactId") ?? "",
          version: coordinates.get("version"),
          vendor: coordinates.get("groupId"),
          identifiers,
        }),
      ],
    };
  },
};
