/**
 * Says of packages whose they are: a distribution's database has names and versions, and which distribution it is stands
 * in another file of the same image. Sources: purl-spec, types `deb`, `rpm`, `apk`, qualifier `distro`; os-release(5).
 * @module
 */

import type { Component } from "@sallyport/core";
import type { Artifact, ArtifactMember } from "../artifact.ts";

const DATABASE = "distribution-package";
const RELEASE = "os-release";
/** Where the files stand in an image; what is before it is the image. */
const DATABASE_INSIDE =
  /(?:var\/lib\/dpkg\/status(?:\.d\/[^/]+)?|(?:usr\/)?lib\/apk\/db\/installed|(?:var\/lib|usr\/lib\/sysimage|usr\/share)\/rpm\/rpmdb\.sqlite)$/;
const RELEASE_INSIDE = /(?:etc|usr\/lib)\/os-release$/;

interface Release {
  readonly image: string;
  /** `debian`, `12`. */
  readonly name: string;
  readonly version: string;
}

/** Names only what it is sure of: the distribution of the same image, or the only one there is. */
export function nameDistributions(artifact: Artifact): Artifact {
  const members = [artifact.root, ...artifact.members];
  const releases = members.flatMap(releaseIn);
  if (releases.length === 0) return artifact;
  const only =
    new Set(releases.map(({ name, version }) => `${name} ${version}`)).size === 1 ? releases[0] : undefined;
  const byImage = new Map(releases.map((release) => [release.image, release]));
  const name = (member: ArtifactMember): ArtifactMember => {
    if (!member.components?.some(({ foundBy }) => foundBy === DATABASE)) return member;
    const release = byImage.get(imageOf(member.path)) ?? only;
    if (release === undefined) return member;
    return { ...member, components: member.components.map((component) => withRelease(component, release)) };
  };
  return { ...artifact, root: name(artifact.root), members: artifact.members.map(name) };
}

/** Where the image begins whose database or `os-release` that is: what is in front of it. */
export const imageOf = (path: string): string =>
  path.replace(DATABASE_INSIDE, "").replace(RELEASE_INSIDE, "");

/** Whether it is where a package manager keeps what it installed. */
export const isDatabase = (path: string): boolean => DATABASE_INSIDE.test(path);

function releaseIn({ path, components = [] }: ArtifactMember): Release[] {
  return components
    .filter(({ foundBy }) => foundBy === RELEASE)
    .flatMap(({ identifiers }) =>
      identifiers.flatMap(({ kind, value }) => {
        const [, name = "", version = ""] = /^pkg:generic\/([^@/]+)(?:@([^?]+))?$/.exec(value) ?? [];
        return kind === "purl" && name !== "" ? [{ image: imageOf(path), name, version }] : [];
      }),
    );
}

const withRelease = (component: Component, release: Release): Component => ({
  ...component,
  identifiers: component.identifiers.map((one) =>
    one.kind === "purl" ? { ...one, value: renamed(one.value, release) } : one,
  ),
  ...(component.dependsOn !== undefined && {
    dependsOn: component.dependsOn.map((purl) => namespaced(purl, release)),
  }),
});

/** `pkg:deb/openssl@3.0.11?arch=amd64` is `pkg:deb/debian/openssl@3.0.11?arch=amd64&distro=debian-12`. */
function renamed(purl: string, release: Release): string {
  const [name = "", query = ""] = namespaced(purl, release).split("?");
  const distribution = release.version === "" ? release.name : `${release.name}-${release.version}`;
  const qualifiers = [...query.split("&").filter((one) => one !== ""), `distro=${distribution}`].sort();
  return `${name}?${qualifiers.join("&")}`;
}

/** A package of RPM may say itself whose it is. */
const namespaced = (purl: string, { name }: Release): string =>
  purl.replace(/^pkg:(deb|rpm|apk)\/([^/@?]+)(?=$|[@?])/, (_, type, last) => `pkg:${type}/${name}/${last}`);
