/** A seam's list of plug-ins. One folder, one line. @module */

import assert from "node:assert/strict";

/**
 * Freezes a list of plug-ins and refuses two with one id: that is a bug of ours, found at start-up.
 * @returns the list itself, so that a `registry.ts` stays one expression
 */
export function defineRegistry<Plugin extends { readonly id: string }>(
  seam: string,
  plugins: readonly Plugin[],
): readonly Plugin[] {
  const ids = new Set(plugins.map((plugin) => plugin.id));
  assert.equal(ids.size, plugins.length, `two ${seam} plug-ins share an id`);
  return Object.freeze([...plugins]);
}
