/** Where the instructions of an ELF file stand. Source: System V gABI, chapter 4 "Sections". @module */

import type { CodeRange } from "../code-digest.ts";
import { ALLOCATED, type ElfHeaders, SECTION } from "./headers.ts";

/** SHF_EXECINSTR. */
const EXECUTABLE = 4;

/** None without sections: a segment holds tables as well, which tools rewrite after it was linked. */
export const codeRanges = ({ sections }: ElfHeaders): readonly CodeRange[] =>
  sections.filter(
    ({ type, flags }) => type !== SECTION.noBits && (flags & EXECUTABLE) !== 0 && (flags & ALLOCATED) !== 0,
  );
