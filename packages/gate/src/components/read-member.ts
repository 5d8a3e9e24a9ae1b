/** Members that are descriptions, read whole. @module */

import { ArtifactError, type ByteSource, type Json, readExactly } from "@sallyport/core";
import { readJson } from "../json/read-json.ts";

/** @throws {@link ArtifactError} `artifact.malformed` for what is no UTF-8 */
export async function readMemberText(source: ByteSource, what: string): Promise<string> {
  const bytes = await readExactly(source, 0, source.sizeBytes, what);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new ArtifactError("artifact.malformed", `${what} is not UTF-8`, { cause });
  }
}

/** A byte order mark is passed over: many tools of Windows write one. */
export async function readMemberJson(source: ByteSource, what: string): Promise<Json> {
  const bytes = await readExactly(source, 0, source.sizeBytes, what);
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return readJson(hasMark ? bytes.subarray(3) : bytes, what);
}
