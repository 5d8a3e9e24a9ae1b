/**
 * What people write where a version is asked for: `< 4.2.1`, `1.0 - 1.9`, `2.3 and earlier`. What is not understood names no
 * version, so that it never becomes all of them.
 * @module
 */

import type { VersionRange } from "../../naming.ts";

export interface Versions {
  readonly ranges: readonly VersionRange[];
  readonly exact: readonly string[];
  /** `4.*` is the line 4. */
  readonly lines: readonly string[];
}

const NONE: Versions = { ranges: [], exact: [], lines: [] };
const VERSION = String.raw`v?(\d[\w.+:~-]{0,80})`;
const NOTHING = new Set([
  "",
  "n/a",
  "na",
  "unspecified",
  "unknown",
  "all",
  "all versions",
  "-",
  "*",
  "none",
  "any",
]);

/** Behind a version: `24.08 (x64)`. */
const ARCHITECTURE = / ?\((?:x64|x86|arm64|(?:32|64)[- ]bit)\)$/i;

/** `n/a`, `unspecified`: somebody had to write something. */
export const isNothing = (text: string): boolean => NOTHING.has(text.trim().toLowerCase());

const FORMS: readonly {
  readonly form: RegExp;
  readonly read: (first: string, second: string) => Versions;
}[] = [
  { form: whole(String.raw`v?(\d[\d.]{0,40})\.[x*]`), read: (line) => ({ ...NONE, lines: [line] }) },
  { form: whole(VERSION), read: (version) => ({ ...NONE, exact: [version] }) },
  { form: whole(`=+ ?${VERSION}`), read: (version) => ({ ...NONE, exact: [version] }) },
  {
    form: whole(`>= ?${VERSION} ?, ?< ?${VERSION}`),
    read: (introduced, fixed) => range({ introduced, fixed }),
  },
  {
    form: whole(`>= ?${VERSION} ?, ?<= ?${VERSION}`),
    read: (introduced, lastAffected) => range({ introduced, lastAffected }),
  },
  { form: whole(`>= ?${VERSION}`), read: (introduced) => range({ introduced }) },
  {
    form: whole(`(?:<|before|prior to|versions? (?:before|prior to)) ?${VERSION}`),
    read: (fixed) => range({ fixed }),
  },
  {
    form: whole(`(?:<=|up to|through|until) ?${VERSION}`),
    read: (lastAffected) => range({ lastAffected }),
  },
  {
    form: whole(`${VERSION} (?:and|or) (?:earlier|prior|below|older|before|lower)(?: versions?)?`),
    read: (lastAffected) => range({ lastAffected }),
  },
  {
    form: whole(`${VERSION} ?(?:-|to|through|up to) ${VERSION}`),
    read: (introduced, lastAffected) => range({ introduced, lastAffected }),
  },
];

export function versionsOfText(written: string): Versions {
  const text = written.trim().replace(/\s+/g, " ").replace(ARCHITECTURE, "");
  if (text.length > 200 || isNothing(text)) return NONE;
  for (const { form, read } of FORMS) {
    const found = form.exec(text);
    if (found !== null) return read(found[1] ?? "", found[2] ?? "");
  }
  return NONE;
}

/** `8.0` of `.NET 8.0`, `17.4` of `Visual Studio 2022 version 17.4`: a line of releases at the end of a name. */
export function lineOf(product: string): string | undefined {
  return /(?:^|\s)v?(\d{1,4}(?:\.\d{1,4}){1,2})$/i.exec(product.slice(-80))?.[1];
}

function whole(pattern: string): RegExp {
  return new RegExp(`^(?:versions? )?${pattern}$`, "i");
}

const range = (one: VersionRange): Versions => ({ ...NONE, ranges: [one] });
