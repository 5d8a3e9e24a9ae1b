/** Kinds of resources by their number. Source: Microsoft, Windows API, "Resource Types". @module */

/** @returns the name without its `RT_`; the number or name itself when it is the program's own kind */
export const resourceTypeName = (type: number | string): number | string => TYPE_NAMES.get(type) ?? type;

/** RT_*, by their numbers. */
const TYPE_NAMES: ReadonlyMap<number | string, string> = new Map([
  [1, "CURSOR"],
  [2, "BITMAP"],
  [3, "ICON"],
  [4, "MENU"],
  [5, "DIALOG"],
  [6, "STRING"],
  [7, "FONTDIR"],
  [8, "FONT"],
  [9, "ACCELERATOR"],
  [10, "RCDATA"],
  [11, "MESSAGETABLE"],
  [12, "GROUP_CURSOR"],
  [14, "GROUP_ICON"],
  [16, "VERSION"],
  [17, "DLGINCLUDE"],
  [21, "ANICURSOR"],
  [22, "ANIICON"],
  [23, "HTML"],
  [24, "MANIFEST"],
]);
