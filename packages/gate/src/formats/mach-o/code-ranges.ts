/** Where the instructions of a Mach-O slice stand. Source: Apple, mach-o/loader.h, section attributes. @module */

import type { CodeRange } from "../code-digest.ts";
import type { MachHeaders } from "./headers.ts";
import { readSegments } from "./segments.ts";

/** S_ATTR_PURE_INSTRUCTIONS and S_ATTR_SOME_INSTRUCTIONS. */
const INSTRUCTIONS = 0x8000_0400;

export const codeRanges = (headers: MachHeaders): readonly CodeRange[] =>
  readSegments(headers)
    .flatMap(({ sections }) => sections)
    .filter(({ flags, offsetBytes }) => (flags & INSTRUCTIONS) !== 0 && offsetBytes > 0);
