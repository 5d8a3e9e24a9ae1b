/** How RPM packages are named by package URLs. Source: purl-spec, type `rpm`. @module */

import type { Identifier } from "@sallyport/core";
import { purlOf } from "../package-url.ts";

export interface RpmName {
  readonly name: string;
  /** With the release behind it. */
  readonly version: string;
  readonly vendor: string;
  readonly epoch: number | undefined;
  readonly architecture: string;
  /** File name of the source package it was built from. */
  readonly sourcePackage: string;
}

/** Beginnings of the tag Vendor as distributions write it, and the namespace each has. */
const NAMESPACES: readonly (readonly [string, string])[] = [
  ["Fedora Project", "fedora"],
  ["Fedora EPEL", "fedora"],
  ["Red Hat", "redhat"],
  ["CentOS", "centos"],
  ["AlmaLinux", "almalinux"],
  ["Rocky", "rocky"],
  ["Oracle America", "oraclelinux"],
  ["Amazon", "amazonlinux"],
  ["SUSE LLC", "suse"],
  ["openSUSE", "opensuse"],
  ["Mageia", "mageia"],
  ["Microsoft Corporation", "azurelinux"],
];

/** Without a namespace when nobody knows whose package it is. */
export function rpmIdentifier(rpm: RpmName): Identifier {
  const { name, version, vendor, epoch, architecture, sourcePackage } = rpm;
  const namespace = NAMESPACES.find(([start]) => vendor.startsWith(start))?.[1];
  return purlOf({
    type: "rpm",
    ...(namespace !== undefined && { namespace }),
    name,
    version,
    qualifiers: {
      arch: architecture,
      epoch: epoch === undefined ? "" : String(epoch),
      upstream: sourcePackage,
    },
  });
}
