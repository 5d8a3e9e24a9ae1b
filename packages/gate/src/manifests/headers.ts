/**
 * Descriptions made of `Name: value` lines: Python's core metadata, the manifests of JARs. A line that begins with a
 * blank goes on with the one before. Sources: RFC 822 §3.1; PyPA, core metadata; JAR File Specification.
 * @module
 */

import { ArtifactError } from "@sallyport/core";

/** How a line that goes on is joined: a JAR's is cut anywhere, a mail header's between words. */
export type Continuation = "cut" | "folded";

/**
 * Reads the first block, up to an empty line.
 * @returns values by lower-case names; of one that comes several times the first
 * @throws {@link ArtifactError} `artifact.malformed` when a line is neither
 */
export function readHeaders(
  bytes: Buffer,
  what: string,
  continuation: Continuation,
): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  let last: string | undefined;
  for (const line of bytes.toString("utf8").split(/\r\n|\n|\r/)) {
    if (line === "") {
      if (headers.size > 0) break;
      continue;
    }
    if (/^[ \t]/.test(line)) {
      const text = continuation === "cut" ? line.slice(1) : ` ${line.trim()}`;
      if (last !== undefined) headers.set(last, `${headers.get(last) ?? ""}${text}`);
      continue;
    }
    const colon = line.indexOf(":");
    if (colon <= 0) throw new ArtifactError("artifact.malformed", `${what} has a line that is no header`);
    const name = line.slice(0, colon).trim().toLowerCase();
    // A second one must not lengthen the first.
    last = headers.has(name) ? undefined : name;
    if (last !== undefined) headers.set(last, line.slice(colon + 1));
  }
  return new Map([...headers].map(([name, value]) => [name, value.trim()]));
}
