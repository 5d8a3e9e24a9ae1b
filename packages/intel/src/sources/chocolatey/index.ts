/** Chocolatey's packages: what their install scripts download, and what lies inside of them. @module */

import { UsageError } from "@sallyport/core";
import type { IntelSource } from "../../source.ts";
import { entriesInHead } from "../../witnesses/archive-head.ts";
import { readPackages } from "./package-files.ts";

const MAX_PACKAGE_BYTES = 512 * 1024 * 1024;
/** NuGet's ids, and a version that may be named behind them. */
const CHOSEN = /^([A-Za-z0-9_]+(?:[.-][A-Za-z0-9_]+)*)(?:\/([0-9][0-9A-Za-z.+-]*))?$/;

export const chocolatey: IntelSource = {
  id: "chocolatey",
  title: "Chocolatey packages",
  answers: ["witness"],
  document: "Chocolatey, Create Packages; NuGet, .nuspec File Reference",
  licence: "each package's own; terms of community.chocolatey.org",
  authority: "public",
  staleAfterDays: 60,
  onBadRow: "skip",
  choice: {
    title: "a package, or a version of it",
    example: "7zip.install",
    downloads(chosen) {
      const [, id, version] = CHOSEN.exec(chosen) ?? [];
      if (id === undefined || chosen.length > 120)
        throw new UsageError(
          "usage.value",
          `${chosen}: is no name of a package, such as 7zip.install or 7zip.install/24.8.0`,
        );
      const path = version === undefined ? id : `${id}/${version}`;
      const url = `https://community.chocolatey.org/api/v2/package/${path}`;
      return [{ name: `${id}.nupkg`, url, maxBytes: MAX_PACKAGE_BYTES }];
    },
  },
  recognises: (name, head) =>
    /\.nupkg$/i.test(name) ||
    entriesInHead(head).some((entry) => /(^|\/)tools\/chocolateyinstall\.ps1$/i.test(entry.name)),
  async *read(files, context) {
    for (const file of files) yield* readPackages(file, context);
  },
};
