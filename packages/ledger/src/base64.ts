/** Base64 in its one canonical form (RFC 4648 §4), because `Buffer.from` skips over what it does not know. @module */

/** @returns the bytes, or undefined when the text is not the canonical base64 of anything */
export function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? bytes : undefined;
}

export const encodeBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");
