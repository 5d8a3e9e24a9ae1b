/**
 * Ruby gems: a tar with the specification, the files, and in newer ones the digests of both.
 * Source: RubyGems, Gem::Package; Gem::Specification.
 * @module
 */

import { gunzipSync } from "node:zlib";
import type { Budget, Identifier } from "@sallyport/core";
import type { Identity } from "../../artifact.ts";
import { purlOf } from "../../components/package-url.ts";
import type { Finding } from "../../finding.ts";
import type { Conclusion, ContainerContents, Manifest, SeenMember } from "../manifest.ts";
import { type PlainYaml, readPlainYaml } from "../plain-yaml.ts";

const SPECIFICATION = "metadata.gz";
const FILES = "data.tar.gz";
const CHECKSUMS = "checksums.yaml.gz";
const PACKED_BYTES = 1024 * 1024;
const UNPACKED_BYTES = 4 * 1024 * 1024;

export const gem: Manifest = {
  id: "gem",
  title: "Ruby gem",
  document: "RubyGems, Gem::Package",
  containers: ["tar"],
  wants(name) {
    if (name === SPECIFICATION || name === CHECKSUMS) return { heldBytes: PACKED_BYTES, sha512: true };
    return name === FILES ? { sha512: true } : undefined;
  },
  conclude,
};

function conclude({ members, unread, budget }: ContainerContents): Conclusion | undefined {
  const specification = members.get(SPECIFICATION);
  if (specification === undefined || !(members.has(FILES) || unread.has(FILES))) return undefined;
  const identity = readSpecification(specification, budget);
  const checksums = members.get(CHECKSUMS);
  return {
    format: "gem",
    ...(identity === undefined ? {} : { identity, identifiers: identifiersOf(identity) }),
    findings: checksums === undefined ? [] : compare(checksums, members, budget),
  };
}

function readSpecification({ bytes }: SeenMember, budget: Budget): Identity | undefined {
  const read = readPacked(bytes, budget);
  const product = read?.texts.get("name");
  const version = read?.texts.get("version/version") ?? read?.texts.get("version");
  if (product === undefined || version === undefined) return undefined;
  const company = read?.firstItems.get("authors");
  const platform = read?.texts.get("platform");
  return {
    product,
    version,
    ...(company === undefined ? {} : { company }),
    ...(platform === undefined || platform === "ruby" ? {} : { architecture: platform }),
  };
}

function identifiersOf({ product, version, architecture }: Identity): Identifier[] {
  if (product === undefined || version === undefined) return [];
  const qualifiers = architecture === undefined ? {} : { platform: architecture };
  return [purlOf({ type: "gem", name: product, version, qualifiers })];
}

function compare(
  checksums: SeenMember,
  members: ContainerContents["members"],
  budget: Budget,
): readonly Finding[] {
  const stated = readPacked(checksums.bytes, budget)?.texts;
  if (stated === undefined) return [finding("unknown", "its checksums cannot be read")];
  const findings: Finding[] = [];
  let compared = 0;
  for (const [algorithm, digestOf] of DIGESTS) {
    for (const name of [SPECIFICATION, FILES]) {
      const value = stated.get(`${algorithm}/${name}`);
      const seen = members.get(name);
      const digest = seen === undefined ? undefined : digestOf(seen);
      if (value === undefined || digest === undefined) continue;
      compared += 1;
      if (value.toLowerCase() !== digest)
        findings.push(finding("fail", `does not have the ${algorithm} that the gem's checksums state`, name));
    }
  }
  if (compared === 0) findings.push(finding("unknown", "its checksums hold none that is worth something"));
  return findings;
}

const DIGESTS: readonly [string, (seen: SeenMember) => string | undefined][] = [
  ["SHA256", ({ sha256 }) => sha256],
  ["SHA512", ({ sha512 }) => sha512],
];

/** @returns undefined when it is not there, no gzip or longer than any is */
function readPacked(packed: Buffer | undefined, budget: Budget): PlainYaml | undefined {
  const text = packed === undefined ? undefined : unpack(packed);
  if (text === undefined) return undefined;
  budget.spendBytes(text.length);
  return readPlainYaml(text.toString("utf8"));
}

function unpack(packed: Buffer): Buffer | undefined {
  try {
    return gunzipSync(packed, { maxOutputLength: UNPACKED_BYTES });
  } catch {
    return undefined;
  }
}

const finding = (outcome: "fail" | "unknown", because: string, member?: string): Finding => ({
  check: "structure",
  outcome,
  because,
  facts: {},
  ...(member === undefined ? {} : { member }),
});
