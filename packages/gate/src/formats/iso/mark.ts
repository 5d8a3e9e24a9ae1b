/** Where the descriptors of a disc stand. Sources: ECMA-119 §8.1, ECMA-167 part 2 §9.1. @module */

export const SECTOR_BYTES = 2048;
/** Sixteen sectors are the system's, for boot code and partition tables. */
export const DESCRIPTORS = 16 * SECTOR_BYTES;
const MARKS = ["CD001", "BEA01", "NSR02", "NSR03"];

/** @param head - the first {@link HEAD_BYTES} bytes */
export const isDisc = (head: Buffer): boolean =>
  head.length >= DESCRIPTORS + 6 && MARKS.includes(head.toString("latin1", DESCRIPTORS + 1, DESCRIPTORS + 6));
