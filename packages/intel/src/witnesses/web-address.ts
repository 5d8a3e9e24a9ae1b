/** Addresses of downloads as package lists write them. @module */

const MAX_URL_CHARACTERS = 4000;

/**
 * @returns the address without a fragment, which is for the package manager; undefined for what is no http, https or ftp
 * address
 */
export function downloadUrl(text: string): string | undefined {
  if (text.length > MAX_URL_CHARACTERS || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (!["http:", "https:", "ftp:"].includes(url.protocol)) return undefined;
  url.hash = "";
  // Whoever is let in with a password in an address is nobody's business here.
  url.username = "";
  url.password = "";
  // Written as addresses are, it may have become longer.
  return url.href.length <= MAX_URL_CHARACTERS ? url.href : undefined;
}
