/** Conda packages as they stand installed in an environment. Source: conda, "conda-meta", prefix records. @module */

import { listMember, textMember } from "../../json/read-json.ts";
import { declare } from "../declare.ts";
import type { ComponentFinder } from "../finder.ts";
import { purlOf } from "../package-url.ts";
import { readMemberJson } from "../read-member.ts";

const NAME = /(?:^|\/)conda-meta\/[^/]+\.json$/;
const MAX_BYTES = 16 * 1024 * 1024;

export const condaPackage: ComponentFinder = {
  id: "conda-package",
  question: "Which conda packages are installed in it?",
  document: "conda, prefix records",
  wants: ({ path, sizeBytes }) => sizeBytes <= MAX_BYTES && NAME.test(path),
  async find(source) {
    const document = await readMemberJson(source, "the prefix record");
    const [product, version, build, subdir] = ["name", "version", "build", "subdir"].map((name) =>
      textMember(document, name),
    );
    if (!product || !version) return undefined;
    const needed = (listMember(document, "depends") ?? []).flatMap((one) =>
      typeof one === "string" ? (one.split(" ", 1)[0] ?? []) : [],
    );
    return {
      components: [
        declare({
          foundBy: "conda-package",
          product,
          version,
          licence: textMember(document, "license"),
          identifiers: [
            purlOf({
              type: "conda",
              name: product,
              version,
              qualifiers: { build: build ?? "", subdir: subdir ?? "" },
            }),
          ],
          dependsOn: needed.map((name) => purlOf({ type: "conda", name }).value),
        }),
      ],
    };
  },
};
