/** Resources as they are compared: by type, name and language. Source: Microsoft, PE Format, "The .rsrc Section". @module */

import { createHash } from "node:crypto";
import type { Budget, ByteSource } from "@sallyport/core";
import type { ResourceFact, ResourceList } from "../../traits/executable/facts.ts";
import { lookAt } from "../../traits/executable/measure.ts";
import type { PeHeaders } from "./headers.ts";
import { resourceTypeName } from "./resource-types.ts";
import { walkResources } from "./resources.ts";

/** Each takes some 220 characters. */
const MAX_KEPT = 250;
const SHOWN_DIGITS = 32;
/** Over all of them; a tree whose leaves share their bytes is read no more than that. */
const MAX_READ_FACTOR = 2;

/**
 * The largest resources are kept, so that many small ones push no large one out; the digest speaks for all.
 * @throws {@link ArtifactError} `artifact.truncated`, `artifact.over-limit` for a tree that is none
 */
export async function readResourceFacts(
  source: ByteSource,
  headers: PeHeaders,
  budget: Budget,
): Promise<ResourceList> {
  const all: ResourceFact[] = [];
  let leftBytes = source.sizeBytes * MAX_READ_FACTOR;
  for await (const { type, name, language, offsetBytes, sizeBytes } of walkResources(source, headers)) {
    leftBytes -= sizeBytes;
    if (leftBytes < 0) break;
    const { hex, ...look } = await lookAt(source, { offsetBytes, sizeBytes }, budget);
    const id = `${resourceTypeName(type)}/${name}/${language}`;
    all.push({ id, offsetBytes, sizeBytes, hex: hex.slice(0, SHOWN_DIGITS), ...look });
  }
  if (all.length <= MAX_KEPT) return { entries: all.sort(byId), count: all.length };
  const hash = createHash("sha256");
  for (const { id, sha256 } of all.sort(byId)) hash.update(id).update("\0").update(sha256);
  const kept = all.toSorted((a, b) => b.sizeBytes - a.sizeBytes || byId(a, b)).slice(0, MAX_KEPT);
  return { entries: kept.sort(byId), count: all.length, sha256: hash.digest("hex") };
}

const byId = (a: ResourceFact, b: ResourceFact): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
