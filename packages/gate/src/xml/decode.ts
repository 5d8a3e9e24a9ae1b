/**
 * From bytes to text, in the few encodings that packages use. What the mark at the beginning, the declaration and the
 * bytes say must be the same, or two readers would see two documents. Source: XML 1.0 (Fifth Edition) §4.3.3, appendix F.
 * @module
 */

import { ArtifactError } from "@sallyport/core";

type Encoding = "utf-8" | "utf-16le" | "utf-16be" | "us-ascii" | "iso-8859-1";

const DECLARED: ReadonlyMap<string, readonly Encoding[]> = new Map([
  ["utf-8", ["utf-8"]],
  ["utf8", ["utf-8"]],
  ["utf-16", ["utf-16le", "utf-16be"]],
  ["utf-16le", ["utf-16le"]],
  ["utf-16be", ["utf-16be"]],
  ["us-ascii", ["us-ascii"]],
  ["ascii", ["us-ascii"]],
  ["iso-8859-1", ["iso-8859-1"]],
]);

/** The declaration stands first and is written in characters that all these encodings have. */
const DECLARATION =
  /^<\?xml[ \t\r\n][^>]{0,200}?[ \t\r\n]encoding[ \t\r\n]*=[ \t\r\n]*["']([A-Za-z0-9._-]{1,40})["']/;

/** @throws {@link ArtifactError} `artifact.malformed`, `artifact.unsupported` for another encoding */
export function decodeXml(bytes: Buffer): string {
  const marked = markOf(bytes);
  const body = bytes.subarray(marked?.lengthBytes ?? 0);
  const found = marked?.encoding ?? guess(body);
  const start = decode(
    body.subarray(0, 512),
    found === "utf-16le" || found === "utf-16be" ? found : "iso-8859-1",
  );
  const name = DECLARATION.exec(start)?.[1]?.toLowerCase();
  const declared = name === undefined ? [found] : DECLARED.get(name);
  if (declared === undefined)
    throw new ArtifactError("artifact.unsupported", `XML: the encoding ${name} is not read here`);
  const chosen =
    declared.find((one) => one === found) ??
    (marked === undefined && found === "utf-8" ? narrow(declared) : undefined);
  if (chosen === undefined)
    throw new ArtifactError("artifact.malformed", `XML: says it is ${name}, and is written in ${found}`);
  return decode(body, chosen);
}

/** Without a mark only those encodings can be declared whose declaration reads the same. */
const narrow = (declared: readonly Encoding[]): Encoding | undefined =>
  declared.find((one) => one === "us-ascii" || one === "iso-8859-1");

function markOf(bytes: Buffer): { encoding: Encoding; lengthBytes: number } | undefined {
  if (bytes.length >= 3 && bytes.readUIntBE(0, 3) === 0xefbbbf) return { encoding: "utf-8", lengthBytes: 3 };
  if (bytes.length < 2) return undefined;
  const mark = bytes.readUInt16BE(0);
  if (mark === 0xfffe) return { encoding: "utf-16le", lengthBytes: 2 };
  return mark === 0xfeff ? { encoding: "utf-16be", lengthBytes: 2 } : undefined;
}

/** Appendix F: how `<?` is written tells the width of the characters. */
function guess(bytes: Buffer): Encoding {
  const start = bytes.toString("latin1", 0, 4);
  if (start === "<\0?\0") return "utf-16le";
  return start === "\0<\0?" ? "utf-16be" : "utf-8";
}

function decode(bytes: Buffer, encoding: Encoding): string {
  if (encoding === "iso-8859-1") return bytes.toString("latin1");
  if (encoding === "us-ascii" && bytes.some((byte) => byte >= 0x80))
    throw new ArtifactError("artifact.malformed", "XML: says it is ASCII and is not");
  const name = encoding === "us-ascii" ? "utf-8" : encoding;
  try {
    return new TextDecoder(name, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new ArtifactError("artifact.malformed", `XML: is not the ${encoding} it says it is`);
  }
}
