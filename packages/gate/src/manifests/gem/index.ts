/**
 * Ruby gems: a tar with the specification, the files, and in newer ones the digests of both.
 * Source: RubyGems, Gem::Package; Gem::Specification.
 * @module
 */

import { gunzipSync } from "node:zlib";
import { ArtifactError, type Budget } from "@sallyport/core";
import { isMap, isScalar, isSeq, parseDocument, type YAMLMap } from "yaml";
import type { Identity } from "../../artifact.ts";
import type { Finding } from "../../finding.ts";
import type { Conclusion, ContainerContents, Manifest, SeenMember } from "../manifest.ts";

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
    ...(identity === undefined ? {} : { identity }),
    findings: checksums === undefined ? [] : compare(checksums, members, budget),
  };
}

function readSpecification(seen: SeenMember, budget: Budget): Identity | undefined {
  const root = seen.bytes === undefined ? undefined : guard(() => readYaml(seen.bytes, budget));
  const product = textOf(root, "name");
  const nested = root?.get("version", true);
  const version = isMap(nested) ? textOf(nested, "version") : textOf(root, "version");
  if (product === undefined || version === undefined) return undefined;
  const authors = root?.get("authors", true);
  const [author] = isSeq(authors) ? authors.items : [];
  const company = isScalar(author) && typeof author.value === "string" ? author.value : undefined;
  const platform = textOf(root, "platform");
  return {
    product,
    version,
    ...(company === undefined || company === "" ? {} : { company }),
    ...(platform === undefined || platform === "ruby" ? {} : { architecture: platform }),
  };
}

function compare(
  checksums: SeenMember,
  members: ContainerContents["members"],
  budget: Budget,
): readonly Finding[] {
  const root = guard(() => readYaml(checksums.bytes, budget));
  if (root === undefined) return [finding("unknown", "its checksums cannot be read")];
  const findings: Finding[] = [];
  let compared = 0;
  for (const [algorithm, digestOf] of DIGESTS) {
    const list = root.get(algorithm, true);
    for (const name of [SPECIFICATION, FILES]) {
      const stated = isMap(list) ? textOf(list, name) : undefined;
      const seen = members.get(name);
      const digest = seen === undefined ? undefined : digestOf(seen);
      if (stated === undefined || digest === undefined) continue;
      compared += 1;
      if (stated.toLowerCase() !== digest)
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

/** Without aliases, tags and types: text stays text. */
function readYaml(packed: Buffer | undefined, budget: Budget): YAMLMap | undefined {
  if (packed === undefined) return undefined;
  const text = gunzipSync(packed, { maxOutputLength: UNPACKED_BYTES });
  budget.spendBytes(text.length);
  const options = { schema: "failsafe", uniqueKeys: false, logLevel: "silent", prettyErrors: false } as const;
  const { contents, errors } = parseDocument(text.toString("utf8"), options);
  return errors.length === 0 && isMap(contents) ? contents : undefined;
}

/** zlib and the parser throw what they like for bytes that are none of theirs. */
function guard<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof ArtifactError) throw error;
    return undefined;
  }
}

function textOf(map: YAMLMap | undefined, name: string): string | undefined {
  const value = map?.get(name);
  return typeof value === "string" ? value : undefined;
}

const finding = (outcome: "fail" | "unknown", because: string, member?: string): Finding => ({
  check: "structure",
  outcome,
  because,
  facts: {},
  ...(member === undefined ? {} : { member }),
});
