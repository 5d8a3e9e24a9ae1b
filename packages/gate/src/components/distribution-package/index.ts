/**
 * Packages that a Linux distribution installed: the package manager's own database, in an image or a backup.
 * Sources: dpkg, "status file"; Alpine, apk installed database; RPM, `rpmdb.sqlite`.
 * @module
 */

import type { Component } from "@sallyport/core";
import { declare } from "../declare.ts";
import type { ComponentFinder, Parts } from "../finder.ts";
import { purlOf } from "../package-url.ts";
import { type Paragraph, readParagraphs } from "../paragraphs.ts";
import { readMemberText } from "../read-member.ts";
import { debIdentifier } from "./deb-name.ts";
import { readRpmDatabase } from "./rpm-database.ts";

const FOUND_BY = "distribution-package";
const MAX_BYTES = 64 * 1024 * 1024;
const DPKG = /(?:^|\/)var\/lib\/dpkg\/(?:status|status\.d\/[^/]+)$/;
const APK = /(?:^|\/)lib\/apk\/db\/installed$/;
const RPM = /(?:^|\/)(?:var\/lib|usr\/lib\/sysimage|usr\/share)\/rpm\/rpmdb\.sqlite$/;

export const distributionPackage: ComponentFinder = {
  id: FOUND_BY,
  question: "Which packages of a Linux distribution are installed in it?",
  document: "dpkg, status file; Alpine, apk installed database; RPM, rpmdb.sqlite",
  wants: ({ path, sizeBytes }) =>
    sizeBytes <= MAX_BYTES &&
    ((DPKG.test(path) && !path.endsWith(".md5sums")) || APK.test(path) || RPM.test(path)),
  async find(source, { path, budget }): Promise<Parts | undefined> {
    if (RPM.test(path)) return { components: await readRpmDatabase(source, budget) };
    const toComponent = APK.test(path) ? fromApk : fromDpkg;
    const components: Component[] = [];
    for (const paragraph of readParagraphs(await readMemberText(source, "the package database"))) {
      const component = toComponent(paragraph);
      if (component !== undefined) components.push(component);
    }
    return components.length === 0 ? undefined : { components };
  },
};

/** What was removed, or only half installed, is not there. Lists without a status are of images without dpkg. */
function fromDpkg({ fields }: Paragraph): Component | undefined {
  const [product, version, status] = ["Package", "Version", "Status"].map((name) => fields.get(name));
  if (!product || !version || (status !== undefined && !/ installed$/.test(status))) return undefined;
  const [architecture, sourcePackage] = [fields.get("Architecture"), fields.get("Source")];
  return declare({
    foundBy: FOUND_BY,
    product,
    version,
    vendor: nameOf(fields.get("Maintainer")),
    identifiers: [
      debIdentifier({
        name: product,
        version,
        ...(architecture !== undefined && { architecture }),
        ...(sourcePackage !== undefined && { sourcePackage }),
      }),
    ],
    dependsOn: namesIn(fields.get("Depends") ?? "", ",").map(
      (name) => purlOf({ type: "deb", name: name.toLowerCase() }).value,
    ),
  });
}

/** One letter names each field. Source: Alpine wiki, "Apk spec", Installed Database V2. */
function fromApk({ fields }: Paragraph): Component | undefined {
  const [product, version] = [fields.get("P"), fields.get("V")];
  if (!product || !version) return undefined;
  const qualifiers = { arch: fields.get("A") ?? "", upstream: fields.get("o") ?? "" };
  return declare({
    foundBy: FOUND_BY,
    product,
    version,
    vendor: nameOf(fields.get("m")),
    licence: fields.get("L"),
    identifiers: [purlOf({ type: "apk", name: product.toLowerCase(), version, qualifiers })],
    dependsOn: namesIn(fields.get("D") ?? "", " ")
      .filter((name) => !/[:!]/.test(name))
      .map((name) => purlOf({ type: "apk", name: name.toLowerCase() }).value),
  });
}

/** `Example Project <project@software.example>` without the address. */
const nameOf = (person: string | undefined): string | undefined => person?.split("<", 1)[0]?.trim();

/** Names without versions; of alternatives the first. */
const namesIn = (text: string, separator: string): string[] => [
  ...new Set(
    text
      .split(separator)
      .slice(0, 500)
      .flatMap((one) => /^[^\s|(<>=~:]+/.exec(one.trim())?.[0] ?? []),
  ),
];
