/** Asks finders about one member, and keeps what they say within bounds. @module */

import { ArtifactError, type ByteSource } from "@sallyport/core";
import { bounded, boundedComponent, boundedIdentifiers, MAX_LISTED } from "./bounds.ts";
import type { Candidate, FindContext, Parts } from "./finder.ts";
import { finders } from "./registry.ts";

/** Of one member. A whole Linux distribution has some thousands. */
const MAX_COMPONENTS = 50_000;

/** @returns ids of those that want to see it */
export const findersFor = (candidate: Candidate): string[] =>
  finders.filter((finder) => finder.wants(candidate)).map(({ id }) => id);

/** No finder refuses what is smaller than that. */
const LEAST_REFUSED_BYTES = 16 * 1024;

/** @returns ids of those that would want to see it if it were not too large to be a list of parts that anybody writes */
export const refusingFor = (candidate: Candidate): string[] =>
  candidate.sizeBytes <= LEAST_REFUSED_BYTES
    ? []
    : finders
        .filter((finder) => !finder.wants(candidate) && finder.wants({ ...candidate, sizeBytes: 1 }))
        .map(({ id }) => id);

/** @param ids - of the finders to ask */
export async function findParts(
  source: ByteSource,
  ids: readonly string[],
  context: FindContext,
): Promise<Parts | undefined> {
  const found: Parts[] = [];
  for (const finder of finders) {
    if (!ids.includes(finder.id)) continue;
    const parts = await finder.find(source, context).catch((error: unknown) => {
      if (!(error instanceof ArtifactError)) throw error;
      return { components: [], unlisted: [`${finder.id}: ${error.message}`] };
    });
    if (parts !== undefined) found.push(parts);
  }
  const components = found.flatMap((parts) => parts.components);
  const identifiers = found.flatMap((parts) => parts.identifiers ?? []);
  const unlisted = found.flatMap((parts) => parts.unlisted ?? []);
  if (components.length > MAX_COMPONENTS)
    unlisted.push(`holds ${components.length} components, of which ${MAX_COMPONENTS} are listed`);
  if (components.length + identifiers.length + unlisted.length === 0) return undefined;
  return {
    components: components.slice(0, MAX_COMPONENTS).map(boundedComponent),
    ...(identifiers.length > 0 && { identifiers: boundedIdentifiers(identifiers) }),
    ...(unlisted.length > 0 && { unlisted: unlisted.slice(0, MAX_LISTED).map(bounded) }),
  };
}
