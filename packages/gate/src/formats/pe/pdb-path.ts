/** Where the symbols lay on the machine that built the image. Source: Microsoft, PE Format, "Debug Type"; CodeView RSDS. @module */

import { type ByteSource, readExactly } from "@sallyport/core";
import { CODE_VIEW, readDebugEntries } from "./debug-directory.ts";
import type { PeHeaders } from "./headers.ts";

const PATH_OFFSET = 24;
const MAX_PATH_BYTES = 1024;

/** @returns the path as written, without what follows its zero; undefined when the image names none */
export async function readPdbPath(source: ByteSource, headers: PeHeaders): Promise<string | undefined> {
  for (const { type, offsetBytes, sizeBytes } of await readDebugEntries(source, headers)) {
    if (type !== CODE_VIEW || sizeBytes <= PATH_OFFSET) continue;
    const length = Math.min(sizeBytes, MAX_PATH_BYTES);
    const record = await readExactly(source, offsetBytes, length, "PE: CodeView record");
    if (record.toString("latin1", 0, 4) !== "RSDS") continue;
    const end = record.indexOf(0, PATH_OFFSET);
    const path = record.toString("utf8", PATH_OFFSET, end < 0 ? record.length : end);
    if (path !== "") return path;
  }
  return undefined;
}
