/** Ranges of versions as texts. Source: ECMA-428, Version Range Specifier (`vers`). @module */

import type { VersionRange, VersionScheme, VersionSet } from "../naming.ts";
import { schemeOf } from "./schemes.ts";

export interface WrittenVersions {
  readonly scheme: VersionScheme;
  readonly versions: "all" | VersionSet;
}

const MAX_CONSTRAINTS = 1000;

/**
 * @param text - `vers:deb/>=1.0|<2.0`, or as people write it: `<4.2.1`, `>=1.0|<2.0`
 * @returns undefined when it is not understood
 */
export function parseVersions(text: string): WrittenVersions | undefined {
  if (text.length > 20_000) return undefined;
  const uri = /^vers:([a-z][a-z0-9.+-]{0,60})\/(.+)$/is.exec(text.trim());
  const type = uri?.[1]?.toLowerCase() ?? "generic";
  const constraints = (uri?.[2]?.replace(/\s+/g, "") ?? plainConstraints(text)).split("|");
  if (constraints.length > MAX_CONSTRAINTS) return undefined;
  // What people write without saying in which system is a version only when it begins with a number.
  if (uri === null && !constraints.every((one) => one === "*" || /^[<>=!]*\d/.test(one))) return undefined;
  const scheme = schemeOf(type);
  if (constraints.length === 1 && constraints[0] === "*") return { scheme, versions: "all" };
  const versions = readConstraints(constraints);
  return versions === undefined ? undefined : { scheme, versions };
}

/** `All versions < V2.1`, `>= 1.0, < 2.0`, as makers write it. */
const plainConstraints = (text: string): string =>
  text
    .trim()
    .replace(/\s+/g, " ")
    .replace(/^all versions$/i, "*")
    .replace(/^(?:all )?versions?\b/i, "")
    .trim()
    .replace(/(^|[<>=\s])v(?=\d)/gi, "$1")
    .replace(/([<>=]) +/g, "$1")
    .replace(/ *(?:,|\band\b|&) *(?=[<>])|\s+(?=[<>])/gi, "|");

/** They are sorted by version, as ECMA-428 wants them: what opens is closed by what follows. */
function readConstraints(constraints: readonly string[]): VersionSet | undefined {
  const ranges: VersionRange[] = [];
  const exact: string[] = [];
  const except: string[] = [];
  let open: string | undefined;
  for (const constraint of constraints) {
    const [, sign = "=", written = ""] = /^(>=|<=|!=|<|>|=)?(.*)$/s.exec(constraint) ?? [];
    const version = decode(written);
    if (version === undefined) return undefined;
    if (sign === "=") exact.push(version);
    else if (sign === "!=") except.push(version);
    else if (sign.startsWith(">")) {
      if (open !== undefined) return undefined;
      open = version;
      if (sign === ">") except.push(version);
    } else {
      const start = open === undefined ? {} : { introduced: open };
      ranges.push({ ...start, ...(sign === "<" ? { fixed: version } : { lastAffected: version }) });
      open = undefined;
    }
  }
  if (open !== undefined) ranges.push({ introduced: open });
  return { ranges, exact, ...(except.length > 0 && { except }) };
}

function decode(text: string): string | undefined {
  if (!/^[\w.+:~%!-]{1,200}$/.test(text)) return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
