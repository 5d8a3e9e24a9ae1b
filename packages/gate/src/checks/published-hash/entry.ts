/** One hash that a vendor published. @module */

export type HashAlgorithm = "md5" | "sha1" | "sha256" | "sha384" | "sha512";

export interface PublishedEntry {
  /** Base name of the file it is for; undefined when the publication names none. */
  readonly name: string | undefined;
  readonly algorithm: HashAlgorithm;
  /** Lower-case. */
  readonly hex: string;
}

const BY_HEX_DIGITS: Readonly<Record<number, HashAlgorithm>> = {
  32: "md5",
  40: "sha1",
  64: "sha256",
  96: "sha384",
  128: "sha512",
};

const DIGEST_BYTES: Readonly<Record<HashAlgorithm, number>> = {
  md5: 16,
  sha1: 20,
  sha256: 32,
  sha384: 48,
  sha512: 64,
};

const HEX = /^[0-9a-f]+$/i;

export const isAlgorithm = (text: string): text is HashAlgorithm => Object.hasOwn(DIGEST_BYTES, text);

/** @param algorithm - when it is stated; told by the length otherwise */
export function hexEntry(
  name: string | undefined,
  text: string,
  algorithm: HashAlgorithm | undefined = BY_HEX_DIGITS[text.length],
): PublishedEntry | undefined {
  if (algorithm === undefined || text.length !== DIGEST_BYTES[algorithm] * 2 || !HEX.test(text))
    return undefined;
  return { name, algorithm, hex: text.toLowerCase() };
}

/** @param text - strict base64 of the digest; `Buffer` alone would skip what it does not know */
export function base64Entry(
  name: string | undefined,
  text: string,
  algorithm: HashAlgorithm,
): PublishedEntry | undefined {
  const bytes = Buffer.from(text, "base64");
  if (bytes.length !== DIGEST_BYTES[algorithm] || bytes.toString("base64") !== text) return undefined;
  return { name, algorithm, hex: bytes.toString("hex") };
}

/** Subresource Integrity: `sha512-…`, several separated by spaces, options after `?`. Source: W3C SRI §3.5. */
export function integrityEntries(name: string | undefined, text: string): PublishedEntry[] {
  return text.split(/\s+/).flatMap((token) => {
    const match = /^(sha1|sha256|sha384|sha512)-([A-Za-z0-9+/=]{1,128})(?:\?|$)/.exec(token);
    const [, algorithm = "", digest = ""] = match ?? [];
    return (isAlgorithm(algorithm) && base64Entry(name, digest, algorithm)) || [];
  });
}

/** The last part of a path as shown, of either system. */
export const baseName = (path: string): string =>
  path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);

/** The file a URL, or a URL's path, ends in. */
export function urlBaseName(url: string): string | undefined {
  const path = url.split(/[?#]/, 1)[0] ?? "";
  const last = baseName(path);
  try {
    return baseName(decodeURIComponent(last)) || undefined;
  } catch {
    return last || undefined;
  }
}
