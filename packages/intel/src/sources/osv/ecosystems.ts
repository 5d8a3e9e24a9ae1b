/**
 * OSV's ecosystems as package URLs and orders of versions. Sources: OSV schema 1.7, "affected[].package field" and
 * ecosystems.json; ECMA-427 and the definitions of package URL types.
 * @module
 */

import type { VersionScheme } from "../../naming.ts";
import { packageUrl } from "./package-url.ts";

/** What one ecosystem calls its packages. */
interface Ecosystem {
  readonly scheme: VersionScheme;
  /** @param release - what follows the ecosystem's name: `12`, `v3.19` */
  purl(name: string, release: string | undefined): string | undefined;
}

const plain = (type: string, scheme: VersionScheme): Ecosystem => ({
  scheme,
  purl: (name) => packageUrl({ type, name }),
});

/** `namespace/name`, at the last slash. */
const grouped = (type: string, scheme: VersionScheme, separator = "/"): Ecosystem => ({
  scheme,
  purl(name) {
    const at = name.lastIndexOf(separator);
    return packageUrl({ type, namespace: name.slice(0, Math.max(0, at)), name: name.slice(at + 1) });
  },
});

/**
 * Packages of a distribution. What is fixed in one release of it says nothing of another, so the release stands in the purl.
 * @param tokenOf - the release as `distro` says it: `debian-12`
 * @param arch - `source`: the list names source packages, from which others are built
 */
const distribution = (
  type: "deb" | "rpm" | "apk",
  namespace: string,
  tokenOf: (release: string) => string = (release) => `${namespace}-${release}`,
  arch: "source" | "" = "source",
): Ecosystem => ({
  scheme: type,
  purl: (name, release) =>
    packageUrl({
      type,
      namespace,
      name,
      qualifiers: { arch, distro: release === undefined ? "" : tokenOf(release) },
    }),
});

/** `Pro:18.04:LTS` and `18.04:LTS` are 18.04. */
const yearAndMonth = (release: string): string => /\d{2}\.\d{2}/.exec(release)?.[0] ?? release;
/** `enterprise_linux:9::appstream` is 9; other products keep their whole name and so meet nothing else. */
const redHatRelease = (release: string): string => {
  const major = /^(?:rhel_[a-z]+|enterprise_linux):(\d+)/.exec(release)?.[1];
  return major === undefined ? `redhat-${release}` : `rhel-${major}`;
};
/** `Leap 15.5` is opensuse-leap-15.5. */
const openSuseRelease = (release: string): string => `opensuse-${release.toLowerCase().replaceAll(" ", "-")}`;
/** `Linux Enterprise Server 15 SP5`, and its modules, are what os-release(5) calls sles-15.5. */
const suseRelease = (release: string): string => {
  const [, major, pack] = /\b(\d{2})(?: SP(\d))?\b/.exec(release) ?? [];
  return major === undefined ? `suse-${release}` : `sles-${major}${pack === undefined ? "" : `.${pack}`}`;
};

const ECOSYSTEMS: ReadonlyMap<string, Ecosystem> = new Map<string, Ecosystem>([
  ["npm", grouped("npm", "semver")],
  [
    "PyPI",
    {
      scheme: "pep440",
      purl: (name) => packageUrl({ type: "pypi", name: name.toLowerCase().replaceAll("_", "-") }),
    },
  ],
  ["Go", grouped("golang", "go")],
  ["Maven", grouped("maven", "maven", ":")],
  ["crates.io", plain("cargo", "semver")],
  ["NuGet", plain("nuget", "nuget")],
  ["RubyGems", plain("gem", "gem")],
  ["Packagist", grouped("composer", "composer")],
  ["Hex", grouped("hex", "semver")],
  ["Pub", plain("pub", "semver")],
  ["SwiftURL", { scheme: "semver", purl: (name) => repositoryPurl("swift", name) }],
  ["VSCode", grouped("vscode-extension", "semver", ".")],
  ["GitHub Actions", grouped("githubactions", "semver")],
  ["ConanCenter", plain("conan", "generic")],
  ["CRAN", plain("cran", "generic")],
  ["Bioconductor", plain("bioconductor", "generic")],
  ["Hackage", plain("hackage", "generic")],
  ["Julia", plain("julia", "semver")],
  ["opam", plain("opam", "generic")],
  ["Bitnami", plain("bitnami", "semver")],
  ["OSS-Fuzz", plain("generic", "generic")],
  ["Debian", distribution("deb", "debian")],
  ["Ubuntu", distribution("deb", "ubuntu", (release) => `ubuntu-${yearAndMonth(release)}`)],
  ["Echo", distribution("deb", "echo")],
  ["Alpine", distribution("apk", "alpine", (release) => `alpine-${release.replace(/^v/, "")}`)],
  ["Alpaquita", distribution("apk", "alpaquita")],
  ["Wolfi", distribution("apk", "wolfi", undefined, "")],
  ["Chainguard", distribution("apk", "chainguard", undefined, "")],
  ["MinimOS", distribution("apk", "minimos", undefined, "")],
  ["Red Hat", distribution("rpm", "redhat", redHatRelease, "")],
  ["AlmaLinux", distribution("rpm", "almalinux", (release) => `almalinux-${release}`, "")],
  ["Rocky Linux", distribution("rpm", "rocky", (release) => `rocky-${release}`, "")],
  ["SUSE", distribution("rpm", "suse", suseRelease)],
  ["openSUSE", distribution("rpm", "opensuse", openSuseRelease)],
  ["openEuler", distribution("rpm", "openeuler")],
  ["Mageia", distribution("rpm", "mageia")],
  ["Photon OS", distribution("rpm", "photon")],
  ["Azure Linux", distribution("rpm", "azurelinux")],
]);

export interface EcosystemName {
  readonly ecosystem: Ecosystem;
  /** Behind the first colon. */
  readonly release: string | undefined;
}

/** @param text - `npm`, `Debian:12`; undefined for an ecosystem that has no package URL here */
export function ecosystemOf(text: string): EcosystemName | undefined {
  const at = text.indexOf(":");
  const ecosystem = ECOSYSTEMS.get(at < 0 ? text : text.slice(0, at));
  return ecosystem && { ecosystem, release: at < 0 ? undefined : text.slice(at + 1) };
}

/** As OSV spells it; whoever names one need not mind its case. */
export const spellingOf = (chosen: string): string | undefined =>
  [...ECOSYSTEMS.keys()].find((name) => name.toLowerCase() === chosen.toLowerCase());

export const ecosystemNames = (): readonly string[] => [...ECOSYSTEMS.keys()];

/** `https://github.com/curl/curl.git` as `pkg:github/curl/curl`, or with its host in front for a type of its own. */
export function repositoryPurl(type: "github" | "swift", address: string): string | undefined {
  const match =
    /^(?:https?:\/\/|git:\/\/)?([\w.-]{1,253})\/([\w.-]{1,100})\/([\w.-]{1,100}?)(?:\.git)?\/?$/i.exec(
      address,
    );
  if (match === null) return undefined;
  const [, host = "", owner = "", name = ""] = match;
  if (type === "swift") return packageUrl({ type, namespace: `${host}/${owner}`, name });
  if (host.toLowerCase() !== "github.com") return undefined;
  return packageUrl({ type, namespace: owner.toLowerCase(), name: name.toLowerCase() });
}
