/**
 * Which release of its distribution a package belongs to: lists say what is fixed release by release, and a package says only
 * whose it is. Sources: purl-spec, qualifier `distro`; os-release(5); Debian Developer's Reference §5.8.5.1; Fedora Packaging
 * Guidelines, dist tags.
 * @module
 */

import type { Claim, Identifier } from "@sallyport/core";
import type { Artifact } from "../../artifact.ts";

const PACKAGE = /^pkg:(deb|rpm|apk)\/(?:([a-z0-9._-]{1,60})\/)?([^?#]{1,300})/i;

/** @returns `debian-12`; undefined where no image is inside, or more than one, so that nobody can tell which is meant */
export function releaseInside({ root, members }: Artifact): string | undefined {
  const found = new Set<string>();
  for (const { components = [] } of [root, ...members])
    for (const { foundBy, identifiers } of components) {
      if (foundBy !== "os-release") continue;
      for (const { value } of identifiers) {
        const named = /^pkg:generic\/([a-z0-9._-]{1,60})(?:@([\w.-]{1,40}))?$/i.exec(value);
        if (named !== null) found.add([named[1], named[2]].filter((part) => part !== undefined).join("-"));
      }
    }
  const [only, ...others] = found;
  return others.length > 0 ? undefined : only;
}

/** @param release - of the image that it lies in, as {@link releaseInside} gives it */
export const withRelease = (claim: Claim, release: string | undefined): Claim => ({
  ...claim,
  identifiers: claim.identifiers.map((identifier) => addRelease(identifier, release)),
});

function addRelease(identifier: Identifier, release: string | undefined): Identifier {
  const { kind, value } = identifier;
  const [, type = "", namespace = "", rest = ""] = (kind === "purl" && PACKAGE.exec(value)) || [];
  if (type === "" || /[?&]distro=/.test(value)) return identifier;
  const distro = release ?? releaseInVersion(type.toLowerCase(), namespace.toLowerCase(), rest);
  if (distro === undefined) return identifier;
  // A package alone does not say whose it is; a stable update of Debian's does.
  const isDebian = namespace === "" && distro.startsWith("debian-");
  const owned = isDebian ? value.replace(/^pkg:deb\//i, "pkg:deb/debian/") : value;
  const [path = "", subpath] = owned.split("#", 2);
  const extended = `${path}${path.includes("?") ? "&" : "?"}distro=${distro}`;
  return { kind, value: subpath === undefined ? extended : `${extended}#${subpath}` };
}

/** Stable updates of Debian say it in their version, `+deb12u2`, and so do RPMs for Red Hat's system and what is built of it: `.el9`. */
function releaseInVersion(type: string, namespace: string, rest: string): string | undefined {
  const isDebian = type === "deb" && (namespace === "debian" || namespace === "");
  const debian = isDebian ? /(?:\+|%2B)deb(\d{1,2})u\d/i.exec(rest)?.[1] : undefined;
  if (debian !== undefined) return `debian-${debian}`;
  const major = type === "rpm" ? /\.el(\d{1,2})(?:[._]|$)/.exec(rest)?.[1] : undefined;
  const names: Readonly<Record<string, string>> = { redhat: "rhel", almalinux: "almalinux", rocky: "rocky" };
  return major === undefined || !Object.hasOwn(names, namespace) ? undefined : `${names[namespace]}-${major}`;
}
