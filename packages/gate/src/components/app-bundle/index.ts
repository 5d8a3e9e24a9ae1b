/**
 * Apps and frameworks of Apple's systems, by the description that stands in each bundle.
 * Source: Apple, "Information Property List", CFBundleIdentifier, CFBundleShortVersionString, CFBundlePackageType.
 * @module
 */

import { readExactly } from "@sallyport/core";
import { readPropertyList } from "../../property-list/read-property-list.ts";
import { textOf } from "../../property-list/value.ts";
import { declare } from "../declare.ts";
import type { ComponentFinder } from "../finder.ts";

const NAME =
  /(?:^|\/)[^/]+\.(?:app\/Contents|app\/Wrapper\/[^/]+\.app|framework\/(?:Versions\/[^/]+\/)?Resources)\/Info\.plist$/;
const MAX_BYTES = 1024 * 1024;
const BINARY_MARK = "bplist";

export const appBundle: ComponentFinder = {
  id: "app-bundle",
  question: "Which apps and frameworks does it bring along?",
  document: "Apple, Information Property List",
  wants: ({ path, sizeBytes }) => sizeBytes <= MAX_BYTES && NAME.test(path),
  async find(source) {
    const bytes = await readExactly(source, 0, source.sizeBytes, "Info.plist");
    if (bytes.toString("latin1", 0, BINARY_MARK.length) === BINARY_MARK)
      return { components: [], unlisted: ["Info.plist: it is not written in XML, which is not read"] };
    const list = readPropertyList(bytes);
    const bundle = textOf(list, "CFBundleIdentifier");
    const product = textOf(list, "CFBundleName") ?? textOf(list, "CFBundleDisplayName") ?? bundle;
    if (!product || !bundle) return undefined;
    const isFramework = textOf(list, "CFBundlePackageType") === "FMWK";
    return {
      components: [
        declare({
          foundBy: "app-bundle",
          product,
          version: textOf(list, "CFBundleShortVersionString") ?? textOf(list, "CFBundleVersion"),
          type: isFramework ? "framework" : "application",
          identifiers: [{ kind: "bundle-id", value: bundle }],
        }),
      ],
    };
  },
};
