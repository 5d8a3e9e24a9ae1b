/** What is kept of claims that may be of any length. @module */

import type { Component, Identifier } from "@sallyport/core";

/** Names and versions are shorter; what is longer is no name of anything. */
const MAX_TEXT_CHARACTERS = 512;
/** Of one component or member. */
export const MAX_LISTED = 2_000;

export const bounded = (text: string): string => text.slice(0, MAX_TEXT_CHARACTERS);

export function boundedComponent(component: Component): Component {
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
