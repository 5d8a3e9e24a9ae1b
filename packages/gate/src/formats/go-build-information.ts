/**
 * What the Go toolchain leaves of itself in programs. Source: Go, `debug/buildinfo`, which gives the layout since Go 1.18.
 * @module
 */

import { type ByteSource, readExactly } from "@sallyport/core";

const MARK = Buffer.from("ff20476f206275696c64696e663a", "hex");
const INLINE = 2;
const HEADER_BYTES = 32;
const MAX_VERSION_BYTES = 128;

/**
 * @param range - of the section that holds it: `.go.buildinfo`, `__go_buildinfo`
 * @returns `go1.24.1`; undefined for older layouts, which point elsewhere
 */
export async function readGoVersion(
  source: ByteSource,
  { offsetBytes, sizeBytes }: { offsetBytes: number; sizeBytes: number },
): Promise<string | undefined> {
  if (sizeBytes < HEADER_BYTES + 2 || offsetBytes + sizeBytes > source.sizeBytes) return undefined;
  const wanted = Math.min(sizeBytes, HEADER_BYTES + 1 + MAX_VERSION_BYTES);
  const bytes = await readExactly(source, offsetBytes, wanted, "Go build information");
  if (!bytes.subarray(0, MARK.length).equals(MARK) || ((bytes[15] ?? 0) & INLINE) === 0) return undefined;
  const length = bytes[HEADER_BYTES] ?? 0;
  if (length >= 0x80 || HEADER_BYTES + 1 + length > bytes.length) return undefined;
  return bytes.toString("utf8", HEADER_BYTES + 1, HEADER_BYTES + 1 + length);
}
