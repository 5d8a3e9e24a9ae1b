/** PHP packages as Composer installed them. Source: Composer, vendor/composer/installed.json. @module */

import type { Component, Json } from "@sallyport/core";
import { isJsonList, isJsonObject, listMember, member, textMember } from "../../json/read-json.ts";
import { declare } from "../declare.ts";
import type { ComponentFinder } from "../finder.ts";
import { purlOf } from "../package-url.ts";
import { readMemberJson } from "../read-member.ts";

const NAME = /(?:^|\/)composer\/installed\.json$/;
const MAX_BYTES = 16 * 1024 * 1024;

export const composerPackage: ComponentFinder = {
  id: "composer-package",
  question: "Which PHP packages are installed in it?",
  document: "Composer, vendor/composer/installed.json",
  wants: ({ path, sizeBytes }) => sizeBytes <= MAX_BYTES && NAME.test(path),
  async find(source) {
    const document = await readMemberJson(source, "installed.json");
    // A list since Composer 1, an object around it since Composer 2.
    const packages = isJsonList(document) ? document : (listMember(document, "packages") ?? []);
    const components = packages.flatMap(toComponent);
    return components.length === 0 ? undefined : { components };
  },
};

function toComponent(about: Json): Component[] {
  const product = textMember(about, "name");
  const version = textMember(about, "version")?.replace(/^v(?=\d)/, "");
  if (!product?.includes("/") || !version) return [];
  const licences = listMember(about, "license")?.filter((one) => typeof one === "string") ?? [];
  const needed = member(about, "require");
  return [
    declare({
      foundBy: "composer-package",
      product,
      version,
      vendor: product.split("/", 1)[0],
      licence: licences.join(" OR "),
      identifiers: [purlOf({ type: "composer", ...split(product), version })],
      dependsOn: (isJsonObject(needed) ? Object.keys(needed) : [])
        .filter((name) => name.includes("/"))
        .map((name) => purlOf({ type: "composer", ...split(name) }).value),
    }),
  ];
}

const split = (product: string): { readonly namespace: string; readonly name: string } => {
  const lower = product.toLowerCase();
  const slash = lower.indexOf("/");
  return { namespace: lower.slice(0, slash), name: lower.slice(slash + 1) };
};
