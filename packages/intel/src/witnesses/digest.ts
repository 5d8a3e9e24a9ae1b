/** Digests as package lists write them. @module */

const SHA256 = /^(?:sha256:)?([0-9a-f]{64})$/i;

/**
 * @param text - with or without `sha256:` in front
 * @returns lower-case hex; undefined for every other digest: one that can be forged witnesses nothing, and one that we do
 * not compute cannot be compared
 */
export function sha256Of(text: string): string | undefined {
  return SHA256.exec(text.trim())?.[1]?.toLowerCase();
}
