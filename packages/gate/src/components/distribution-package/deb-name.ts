/** How Debian packages are named by package URLs. Source: purl-spec, type `deb`; deb-version(7). @module */

import type { Identifier } from "@sallyport/core";
import { purlOf } from "../package-url.ts";

export interface DebName {
  readonly name: string;
  /** With epoch and revision, as it is written. */
  readonly version: string;
  readonly architecture?: string;
  /** `name` or `name (version)`, where the source package is called otherwise. */
  readonly sourcePackage?: string;
  /** `debian`, `ubuntu`; absent when nobody knows whose package it is. */
  readonly distribution?: string;
}

export function debIdentifier(deb: DebName): Identifier {
  const { name, version, architecture = "", sourcePackage = "", distribution } = deb;
  const [, source = "", sourceVersion] = /^(\S+)(?: \(([^)]+)\))?/.exec(sourcePackage) ?? [];
  return purlOf({
    type: "deb",
    ...(distribution !== undefined && { namespace: distribution }),
    name: name.toLowerCase(),
    version,
    qualifiers: {
      arch: architecture,
      upstream: sourceVersion === undefined ? source : `${source}@${sourceVersion}`,
    },
  });
}
