/**
 * Texts that libraries carry in their own code, whatever program they were linked into. A row stands here when the
 * library's source writes the text; `source` says where. A text that programs also carry when they only use the library
 * needs a second one, `together`, from the library's own code.
 * @module
 */

import { contentMarks } from "./content-marks.ts";
import { networkMarks } from "./network-marks.ts";

export interface LibraryMark {
  readonly product: string;
  readonly vendor: string;
  readonly type: "application" | "framework" | "library";
  /** Vendor and product in the CPE dictionary of NVD. */
  readonly cpe: readonly [vendor: string, product: string];
  /** At least eight characters: the shortest sets the pace of the search. */
  readonly mark: string;
  /** Read from the mark's first character on, or so many before it; the first group is the version. */
  readonly version: RegExp;
  readonly leadCharacters?: number;
  readonly together?: string;
  readonly source: string;
}

export const libraryMarks: readonly LibraryMark[] = [...networkMarks, ...contentMarks];
