/** Asks finders about one member, and keeps what they say within bounds. @module */

import { ArtifactError, type ByteSource, type Component, type Identifier } from "@sallyport/core";
import type { Candidate, FindContext, Parts } from "./finder.ts";
import { finders } from "./registry.ts";

/** Names and versions are shorter; what is longer is no name of anything. */
const MAX_TEXT_CHARACTERS = 512;
/** Of one member. A whole Linux distribution has some thousands. */
const MAX_COMPONENTS = 50_000;
const MAX_LISTED = 2_000;

/** @returns ids of those that want to see it */
export const findersFor = (candidate: Candidate): string[] =>
  finders.filter((finder) => finder.wants(candidate)).map(({ id }) => id);

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

const bounded = (text: string): string => text.slice(0, MAX_TEXT_CHARACTERS);

function boundedComponent(component: Component): Component {
  const texts = Object.entries(component).map(([name, value]) => [
    name,
    typeof value === "string" ? bounded(value) : value,
  ]);
  return {
    ...component,
    ...Object.fromEntries(texts),
    identifiers: boundedIdentifiers(component.identifiers),
    ...(component.dependsOn !== undefined && {
      dependsOn: component.dependsOn.filter(isShort).slice(0, MAX_LISTED),
    }),
  };
}

/** A cut identifier would be another product's. */
export const boundedIdentifiers = (identifiers: readonly Identifier[]): Identifier[] =>
  identifiers.filter(({ value }) => isShort(value)).slice(0, MAX_LISTED);

const isShort = (text: string): boolean => text.length <= MAX_TEXT_CHARACTERS;
