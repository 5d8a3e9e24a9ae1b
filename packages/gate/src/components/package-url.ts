/**
 * Package URLs as their types want them written. Sources: ECMA-427, "Package-URL"; purl-spec, the definitions of types.
 * @module
 */

import type { Identifier } from "@sallyport/core";

export interface PackageName {
  /** `npm`, `pypi`, `maven`, … */
  readonly type: string;
  /** Parts before the name, joined by `/`: npm scope, Maven group, distribution. */
  readonly namespace?: string;
  readonly name: string;
  readonly version?: string;
  readonly qualifiers?: Readonly<Record<string, string>>;
}

/** @returns in canonical form: parts are encoded, qualifiers sorted by name, empty ones left out */
export function packageUrl({ type, namespace, name, version, qualifiers = {} }: PackageName): string {
  const path = [...(namespace ?? "").split("/"), name].filter((part) => part !== "").map(encode);
  const query = Object.entries(qualifiers)
    .filter(([, value]) => value !== "")
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${encode(value)}`);
  return `pkg:${type}/${path.join("/")}${version ? `@${encode(version)}` : ""}${query.length > 0 ? `?${query.join("&")}` : ""}`;
}

export const purlOf = (name: PackageName): Identifier => ({ kind: "purl", value: packageUrl(name) });

/** Everything but letters, digits, `.`, `-`, `_`, `~` and, since it separates nothing there, `:`. */
const encode = (text: string): string =>
  encodeURIComponent(text.toWellFormed())
    .replaceAll("%3A", ":")
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
