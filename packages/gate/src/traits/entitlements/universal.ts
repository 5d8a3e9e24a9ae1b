/** Whether a Mach-O member holds slices, each of which is a member of its own. @module */

import { type ByteSource, readExactly } from "@sallyport/core";
import { readMark } from "../../formats/mach-o/headers.ts";

export const isUniversal = async (source: ByteSource): Promise<boolean> =>
  readMark(await readExactly(source, 0, Math.min(4, source.sizeBytes), "Mach-O: mark")) === undefined;
