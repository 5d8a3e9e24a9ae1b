/** Names of the CPE dictionary. Source: NISTIR 7695, "Common Platform Enumeration: Naming Specification", §6.2. @module */

import type { Identifier } from "@sallyport/core";

/** @returns the formatted string, of an application when nothing else is said; without a version it means any */
export function cpeOf({
  vendor,
  product,
  version,
  part = "a",
}: {
  readonly vendor: string;
  readonly product: string;
  readonly version?: string;
  /** `o`: an operating system. */
  readonly part?: "a" | "o";
}): Identifier {
  const parts = [vendor, product, version === undefined ? "*" : quoted(version)];
  return { kind: "cpe", value: `cpe:2.3:${part}:${parts.join(":")}:*:*:*:*:*:*:*` };
}

/** Whatever is no letter, digit, `_`, `-` or `.` is quoted. */
const quoted = (text: string): string =>
  text.toLowerCase().replace(/[^a-z0-9_.-]/g, (character) => `\\${character}`);
