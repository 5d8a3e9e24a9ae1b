/**
 * From the index of an OCI layout to everything it describes: each blob must be of the size, and under the digest, that
 * its descriptor says. Source: OCI Image Format 1.1, descriptor.md, image-index.md, manifest.md.
 * @module
 */

import type { Budget, Json } from "@sallyport/core";
import type { Finding } from "../../finding.ts";
import { isJsonObject, listMember, member, readJson, textMember } from "../../json/read-json.ts";
import type { SeenMember } from "../manifest.ts";

export interface Layout {
  readonly members: ReadonlyMap<string, SeenMember>;
  readonly unread: ReadonlySet<string>;
  readonly budget: Budget;
}

export interface Followed {
  readonly findings: readonly Finding[];
  /** The images' own descriptions of themselves. */
  readonly configurations: readonly Json[];
}

const MAX_DESCRIPTORS = 20_000;
const MAX_DEPTH = 8;
const HOLDS_DESCRIPTORS =
  /(?:image\.index|manifest\.list|image\.manifest|distribution\.manifest)[^/]*\+json$/;
const CONFIGURATION = /(?:image\.config|container\.image)[^/]*\+json$/;

/** @param index - the parsed `index.json` */
export function followDescriptors(index: Json, layout: Layout): Followed {
  const findings: Finding[] = [];
  const configurations: Json[] = [];
  const met = new Set<string>();
  const follow = (document: Json, depth: number): void => {
    for (const [descriptor, isNeeded] of descriptorsIn(document)) {
      layout.budget.checkTime();
      const digest = textMember(descriptor, "digest") ?? "";
      if (met.size >= MAX_DESCRIPTORS || depth > MAX_DEPTH) return void findings.push(TOO_MANY);
      if (met.has(digest)) continue;
      met.add(digest);
      const found = compare(descriptor, { digest, isNeeded }, layout);
      if (found.finding !== undefined) findings.push(found.finding);
      const mediaType = textMember(descriptor, "mediaType") ?? "";
      const bytes = found.seen?.bytes;
      if (bytes === undefined) continue;
      if (CONFIGURATION.test(mediaType)) configurations.push(readJson(bytes, "the configuration"));
      else if (HOLDS_DESCRIPTORS.test(mediaType)) follow(readJson(bytes, "a manifest"), depth + 1);
    }
  };
  follow(index, 0);
  return { findings, configurations };
}

/** With whether it must be there: an index may describe images for other machines, a layer may lie elsewhere. */
function* descriptorsIn(document: Json): Generator<[Json, boolean]> {
  for (const image of listMember(document, "manifests") ?? []) yield [image, false];
  const configuration = member(document, "config");
  if (isJsonObject(configuration)) yield [configuration, true];
  for (const layer of listMember(document, "layers") ?? [])
    yield [layer, listMember(layer, "urls") === undefined];
}

function compare(
  descriptor: Json,
  { digest, isNeeded }: { readonly digest: string; readonly isNeeded: boolean },
  { members, unread }: Layout,
): { seen?: SeenMember; finding?: Finding } {
  if (!/^sha(?:256|512):[0-9a-f]{64,128}$/.test(digest))
    return { finding: say("unknown", "describes something by a digest that is not known here") };
  const name = `blobs/${digest.replace(":", "/")}`;
  const seen = members.get(name);
  // What is not here was not looked at.
  if (seen === undefined)
    return unread.has(name) || !isNeeded
      ? {}
      : { finding: say("unknown", `describes ${digest}, which is not in it`) };
  const size = member(descriptor, "size");
  return size === seen.sizeBytes
    ? { seen }
    : { seen, finding: say("fail", "is not of the size its descriptor says", name) };
}

const say = (outcome: "fail" | "unknown", because: string, name?: string): Finding => ({
  check: "structure",
  outcome,
  because,
  facts: {},
  ...(name === undefined ? {} : { member: name }),
});

const TOO_MANY = say("unknown", "describes more than is followed here");
