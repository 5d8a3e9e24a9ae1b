/**
 * Reports write addresses so that nobody follows them by mistake: `hxxp`, `example[.]com`, `example(dot)com`. This is the way
 * back. Source: the spellings that MISP, STIX reports and vendors' lists use.
 * @module
 */

const SCHEME = /^(?:hxxps?|h\*\*ps?|https?|ftps?|fxps?)(?=\[?:)/i;
const DOT = /[[({]\s?(?:\.|dot)\s?[\])}]|\s(?:\.|\[dot\])\s|\\\./gi;
const COLON = /[[({]:[\])}]/g;
const SLASHES = /[[({]:?\/\/[\])}]/g;

/** @returns the address as a program would write it; what is not written that way stays as it is */
export function refang(written: string): string {
  const plain = written.trim().replace(SCHEME, (scheme) => schemeOf(scheme));
  return plain
    .replace(SLASHES, (slashes) => (slashes.includes(":") ? "://" : "//"))
    .replace(COLON, ":")
    .replace(DOT, ".")
    .replace(/\[\.(?=[\w-])|(?<=[\w-])\.\]/g, ".")
    .replace(/^(https?|ftps?):\/\/?(?!\/)/i, "$1://");
}

function schemeOf(scheme: string): string {
  const lower = scheme.toLowerCase();
  const kind = lower.startsWith("f") ? "ftp" : "http";
  return lower.endsWith("s") ? `${kind}s` : kind;
}
