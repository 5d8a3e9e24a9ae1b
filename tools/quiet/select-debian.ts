/** Which packages of Debian the list takes, by the rule of README.md. @module */

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { packagesOf, type Suite } from "./apt.ts";
import type { DebianVersion, Group, PackageVersions } from "./pair.ts";

const run = promisify(execFile);
const MAX_INSTALLED_KIBIBYTES = 40_000;
const SECTIONS = new Set(
  "admin database editors graphics libs mail net shells sound text utils video web".split(" "),
);
const SCRIPT_SECTIONS = new Set(["python", "perl", "javascript"]);
/** What traits and rules are developed on. */
const DEVELOPED_ON = new Set(["hello", "zlib", "curl", "openssl", "busybox"]);

export interface Step {
  readonly group: Group;
  readonly count: number;
  readonly from: Suite;
  readonly to: Suite;
  /** Upstream's version counts one up in its last number. */
  readonly nextUpstream: boolean;
}

const STEPS: readonly Step[] = [
  { group: "elf", count: 6, from: "bookworm", to: "bookworm-security", nextUpstream: false },
  { group: "elf", count: 6, from: "trixie", to: "trixie-security", nextUpstream: false },
  { group: "elf", count: 4, from: "trixie", to: "sid", nextUpstream: true },
  { group: "scripts", count: 4, from: "trixie", to: "sid", nextUpstream: true },
];

type Fields = ReadonlyMap<string, string>;

/**
 * @param used - packages that the project's tests fetch, or that another list holds
 * @param steps - default those of the quiet pairs
 */
export async function selectDebian(used: ReadonlySet<string>, steps = STEPS): Promise<PackageVersions[]> {
  const selected: PackageVersions[] = [];
  const sources = new Set(DEVELOPED_ON);
  for (const step of steps) {
    const before = new Map(
      (await packagesOf(step.from)).map((fields) => [fields.get("Package") ?? "", fields]),
    );
    const after = (await packagesOf(step.to)).filter((fields) => fits(fields, step.group)).toSorted(bySource);
    let count = 0;
    for (const newer of after) {
      if (count === step.count) break;
      const name = newer.get("Package") ?? "";
      const older = before.get(name);
      if (older === undefined || used.has(name) || sources.has(sourceOf(newer))) continue;
      if (!fits(older, step.group) || !(await follows(older, newer, step))) continue;
      sources.add(sourceOf(newer));
      const versions = [pinned(older, step.from), pinned(newer, step.to)];
      selected.push({ group: step.group, registry: "debian", name, versions });
      count += 1;
      console.log(
        `${step.group} ${step.to} ${count}: ${name} ${versions.map(({ version }) => version).join(", ")}`,
      );
    }
  }
  return selected;
}

function fits(fields: Fields, group: Group): boolean {
  if (!(Number(fields.get("Installed-Size")) <= MAX_INSTALLED_KIBIBYTES)) return false;
  const section = fields.get("Section") ?? "";
  if (group === "scripts") return fields.get("Architecture") === "all" && SCRIPT_SECTIONS.has(section);
  const isNative = fields.get("Architecture") === "amd64" && /\blibc6\b/.test(fields.get("Depends") ?? "");
  return isNative && SECTIONS.has(section);
}

async function follows(older: Fields, newer: Fields, { nextUpstream }: Step): Promise<boolean> {
  const [from, to] = [older.get("Version") ?? "", newer.get("Version") ?? ""];
  if (nextUpstream) return countsOneUp(from, to);
  return run("dpkg", ["--compare-versions", from, "lt", to]).then(
    () => true,
    () => false,
  );
}

/** Epoch and Debian's revision aside. Source: deb-version(7). */
function countsOneUp(from: string, to: string): boolean {
  const numbers = (version: string): string[] =>
    version
      .replace(/^\d+:/, "")
      .replace(/-[^-]*$/, "")
      .split(".");
  const [before, after] = [numbers(from), numbers(to)];
  if (before.length !== after.length || before.slice(0, -1).join(".") !== after.slice(0, -1).join("."))
    return false;
  const [last, next] = [before.at(-1) ?? "", after.at(-1) ?? ""];
  return /^\d+$/.test(last) && /^\d+$/.test(next) && Number(next) === Number(last) + 1;
}

const sourceOf = (fields: Fields): string =>
  (fields.get("Source") ?? fields.get("Package") ?? "").split(" ")[0] ?? "";

/** An order that nobody chose. */
function bySource(left: Fields, right: Fields): number {
  const keys = [left, right].map((fields) => {
    const digest = createHash("sha256").update(sourceOf(fields)).digest("hex");
    return `${digest} ${fields.get("Package")}`;
  });
  return (keys[0] ?? "") < (keys[1] ?? "") ? -1 : 1;
}

const pinned = (fields: Fields, suite: Suite): DebianVersion => ({
  version: fields.get("Version") ?? "",
  suite,
  path: fields.get("Filename") ?? "",
  sha256: fields.get("SHA256") ?? "",
});
