/**
 * Compares one bundle with what its program's signature covers: the Info.plist, the list of resources, every file the list
 * names, and no file that it does not. Source: Apple, TN2206; Security, OSX/libsecurity_codesigning, `StaticCode.cpp`.
 * @module
 */

import { createHash } from "node:crypto";
import { ArtifactError } from "@sallyport/core";
import { outcomeOf } from "../../code-signing/reading.ts";
import type { Finding } from "../../finding.ts";
import type { ContainerContents, SeenMember } from "../manifest.ts";
import { NamesInside } from "./names-inside.ts";
import { type Bundle, codeHashesOf, isNeverListed, RESOURCES, type SealedHash } from "./places.ts";
import { readSealedList, type SealedEntry, type SealedList } from "./sealed-list.ts";

/** Of one bundle; beyond, one sentence counts the rest. */
const MAX_FINDINGS = 20;

export function compareBundle(bundle: Bundle, contents: ContainerContents): readonly Finding[] {
  const list = contents.members.get(bundle.base + RESOURCES);
  const findings = [...judgeInformation(bundle, contents), ...judgeList(bundle, contents, list)];
  if (list?.bytes === undefined || findings.some(({ member }) => member === bundle.base + RESOURCES))
    return findings;
  try {
    findings.push(...compareFiles(bundle, readSealedList(list.bytes), contents));
  } catch (error) {
    if (!(error instanceof ArtifactError) || error.facts.limit !== undefined) throw error;
    const because = `whether its resources are as they were sealed cannot be told: ${error.message}`;
    findings.push(finding(outcomeOf(error), because, bundle.base + RESOURCES));
  }
  if (findings.length <= MAX_FINDINGS) return findings;
  const rest = findings.length - MAX_FINDINGS;
  const outcome = findings.some((one) => one.outcome === "fail") ? "fail" : "unknown";
  return [
    ...findings.slice(0, MAX_FINDINGS),
    finding(outcome, `${rest} more of its files are not as they were sealed`, bundle.program),
  ];
}

function judgeInformation(
  { base, program, informationLists }: Bundle,
  contents: ContainerContents,
): Finding[] {
  const places = [`${base}Info.plist`, `${base}Resources/Info.plist`];
  if (informationLists.length === 0 || places.some((name) => contents.unread.has(name))) return [];
  const found = places.find((name) => contents.members.has(name));
  const member = contents.members.get(found ?? "");
  if (found === undefined || member === undefined)
    return [finding("fail", "its Info.plist, which the signature covers, is missing", program)];
  return informationLists.every((sealed) => isSame(sealed, member) !== false)
    ? []
    : [finding("fail", "is not the Info.plist that the signature of the bundle covers", found)];
}

function judgeList(
  { base, program, resources }: Bundle,
  { unread }: ContainerContents,
  list: SeenMember | undefined,
): Finding[] {
  const name = base + RESOURCES;
  if (unread.has(name)) return [];
  if (list === undefined)
    return [finding("fail", "the list of its resources, which the signature covers, is missing", program)];
  if (resources.some((sealed) => isSame(sealed, list) === false))
    return [finding("fail", "is not the list of resources that the signature of the bundle covers", name)];
  return list.bytes === undefined
    ? [finding("unknown", "is a list of resources that is longer than is compared here", name)]
    : [];
}

/** @returns undefined when it cannot be told */
function isSame({ algorithm, hash }: SealedHash, { sha256, bytes }: SeenMember): boolean | undefined {
  // CodeDirectories may cut a hash to 20 bytes.
  if (algorithm === "sha256") return sha256.startsWith(hash);
  return bytes === undefined ? undefined : createHash(algorithm).update(bytes).digest("hex") === hash;
}

function compareFiles(bundle: Bundle, list: SealedList, contents: ContainerContents): Finding[] {
  const { base, program } = bundle;
  const inside = new NamesInside(base, contents);
  const codes = codesOf(list);
  const findings: Finding[] = [];
  for (const [name, entry] of list.entries) {
    contents.budget.checkTime();
    if (contents.unread.has(base + name)) continue;
    const problem =
      entry.kind === "code" ? judgeCode(name, entry, inside) : judgeFile(entry, inside.find(name));
    if (problem !== undefined) findings.push(finding(problem.outcome, problem.because, base + name));
  }
  for (const twin of inside.twins)
    findings.push(
      finding("fail", "has the name of another file in other characters, and only one is sealed", twin),
    );
  const outcome = list.hasOwnOmissions ? "unknown" : "fail";
  for (const name of inside.names) {
    contents.budget.checkTime();
    if (list.entries.has(name) || isNeverListed(name) || base + name === program) continue;
    if (isInCode(name, codes) || isAppleDouble(name, inside)) continue;
    findings.push(finding(outcome, "stands in a signed bundle, and nothing seals it", base + name));
  }
  return [...findings, ...judgeFrameworkFolder(bundle, contents)];
}

/** A framework's own folder holds links into the version that is current, and other versions: nothing seals these. */
function judgeFrameworkFolder({ base }: Bundle, { members, budget }: ContainerContents): Finding[] {
  const [, folder, version = ""] = /^(.*\.framework\/)Versions\/([^/]+)\/$/.exec(base) ?? [];
  if (folder === undefined) return [];
  budget.checkTime();
  const findings: Finding[] = [];
  for (const [name, member] of members) {
    if (!name.startsWith(folder) || name.startsWith(base)) continue;
    const inside = name.slice(folder.length);
    const target = inside === "Versions/Current" ? version : `Versions/Current/${inside}`;
    if (member.sha256 !== createHash("sha256").update(target).digest("hex"))
      findings.push(
        finding("unknown", "stands in a signed framework, beside what its signature seals", name),
      );
  }
  return findings;
}

const codesOf = ({ entries }: SealedList): ReadonlySet<string> =>
  new Set([...entries].flatMap(([name, { kind }]) => (kind === "code" ? name : [])));

/** What is inside code that stands inside is sealed by that code's own signature. */
function isInCode(name: string, codes: ReadonlySet<string>): boolean {
  for (let at = name.indexOf("/"); at >= 0; at = name.indexOf("/", at + 1))
    if (codes.has(name.slice(0, at))) return true;
  return false;
}

/** Archives of Macs hold attributes of `X` as `._X`, which a Mac puts back where they came from. */
function isAppleDouble(name: string, inside: NamesInside): boolean {
  const at = name.lastIndexOf("/") + 1;
  return name.startsWith("._", at) && inside.under(name.slice(0, at) + name.slice(at + 2)).length > 0;
}

type Problem = { readonly outcome: "fail" | "unknown"; readonly because: string } | undefined;

function judgeFile(entry: Exclude<SealedEntry, { kind: "code" }>, member: SeenMember | undefined): Problem {
  if (entry.kind === "link") {
    // Few containers hand on links; where one does, its content is the target.
    const expected = createHash("sha256").update(entry.target).digest("hex");
    if (member === undefined || member.sha256 === expected) return undefined;
    return { outcome: "fail", because: "was sealed as a link to somewhere else" };
  }
  if (member === undefined)
    return entry.isOptional ? undefined : { outcome: "fail", because: "was sealed, and is missing" };
  if (entry.sha256 === undefined)
    return { outcome: "unknown", because: "is sealed by SHA-1 alone, which is not compared" };
  return member.sha256 === entry.sha256
    ? undefined
    : { outcome: "fail", because: "was changed after the bundle was signed" };
}

function judgeCode(
  name: string,
  { codeHash, isOptional }: Extract<SealedEntry, { kind: "code" }>,
  inside: NamesInside,
): Problem {
  const own = inside.under(name);
  if (own.length === 0)
    return isOptional ? undefined : { outcome: "fail", because: "was sealed as code, and is missing" };
  const found = own.flatMap(codeHashesOf);
  if (found.includes(codeHash)) return undefined;
  return found.length > 0
    ? { outcome: "fail", because: "is not the code that was sealed" }
    : { outcome: "unknown", because: "was sealed as code, and nobody signed what is there now" };
}

const finding = (outcome: Finding["outcome"], because: string, member: string): Finding => ({
  check: "integrity",
  outcome,
  because,
  facts: {},
  member,
});
