/** Java runtimes: the file `release` that stands at their root. Source: JEP 223; OpenJDK, make/ReleaseFile.gmk. @module */

import { declare } from "../declare.ts";
import type { ComponentFinder } from "../finder.ts";
import { readAssignments } from "../os-release/index.ts";
import { purlOf } from "../package-url.ts";
import { cpeOf } from "../platform-name.ts";
import { readMemberText } from "../read-member.ts";

const NAME = /(?:^|\/)release$/;
const MAX_BYTES = 64 * 1024;

export const javaRuntime: ComponentFinder = {
  id: "java-runtime",
  question: "Which Java runtime does it bring along?",
  document: "OpenJDK, release file; JEP 223",
  wants: ({ path, sizeBytes }) => sizeBytes <= MAX_BYTES && NAME.test(path),
  async find(source) {
    const bytes = await source.read(0, source.sizeBytes);
    if (!Buffer.from(bytes).includes("JAVA_VERSION=")) return undefined;
    const fields = readAssignments(await readMemberText(source, "the release file"));
    const version = fields.get("JAVA_VERSION");
    if (version === undefined) return undefined;
    const maker = fields.get("IMPLEMENTOR") ?? "";
    const isOracle = maker.startsWith("Oracle") && fields.get("BUILD_TYPE") === "commercial";
    const [vendor, product] = isOracle ? ["Oracle", "jdk"] : [maker || undefined, "openjdk"];
    return {
      components: [
        declare({
          foundBy: "java-runtime",
          product: isOracle ? "Java SE" : "OpenJDK",
          vendor,
          version,
          type: "framework",
          identifiers: [
            purlOf({ type: "generic", name: product, version }),
            cpeOf({ vendor: "oracle", product, version }),
          ],
        }),
      ],
    };
  },
};
