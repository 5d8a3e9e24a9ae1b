/**
 * How NVD's CPE dictionary calls the systems that name themselves by an ID in `os-release`: few of them say it themselves.
 * Sources: the ID that each system's own os-release file has; NVD, CPE dictionary, part `o`.
 * @module
 */

const NAMES: ReadonlyMap<string, readonly [vendor: string, product: string]> = new Map([
  ["almalinux", ["almalinux", "almalinux"]],
  ["alpine", ["alpinelinux", "alpine_linux"]],
  ["amzn", ["amazon", "amazon_linux"]],
  ["centos", ["centos", "centos"]],
  ["debian", ["debian", "debian_linux"]],
  ["fedora", ["fedoraproject", "fedora"]],
  ["linuxmint", ["linuxmint", "linuxmint"]],
  ["mageia", ["mageia", "mageia"]],
  ["nixos", ["nixos", "nixos"]],
  ["ol", ["oracle", "linux"]],
  ["opensuse-leap", ["opensuse", "leap"]],
  ["rhel", ["redhat", "enterprise_linux"]],
  ["rocky", ["rocky", "rocky"]],
  ["slackware", ["slackware", "slackware_linux"]],
  ["sles", ["suse", "sles"]],
  ["ubuntu", ["canonical", "ubuntu_linux"]],
] as const);

/**
 * @param id - of os-release(5)
 * @param name - tells CentOS Stream, which has CentOS's ID
 */
export function dictionaryName(id: string, name: string | undefined): readonly [string, string] | undefined {
  if (id === "centos" && name?.includes("Stream") === true) return ["centos", "stream"];
  return NAMES.get(id);
}
