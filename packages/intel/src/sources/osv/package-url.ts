/** Package URLs without a version, as ECMA-427 §5 writes them. @module */

interface PackageName {
  readonly type: string;
  /** Parts joined by `/`. */
  readonly namespace?: string;
  readonly name: string;
  readonly qualifiers?: Readonly<Record<string, string>>;
}

/** @returns in canonical form; undefined when nothing is left of the name */
export function packageUrl({ type, namespace = "", name, qualifiers = {} }: PackageName): string | undefined {
  const parts = [...namespace.split("/"), name].filter((part) => part !== "");
  if (name === "" || parts.some((part) => part === "." || part === "..")) return undefined;
  const query = Object.entries(qualifiers)
    .filter(([, value]) => value !== "")
    .map(([key, value]) => `${key}=${encode(value)}`);
  return `pkg:${type}/${parts.map(encode).join("/")}${query.length === 0 ? "" : `?${query.join("&")}`}`;
}

const encode = (text: string): string =>
  encodeURIComponent(text.toWellFormed())
    .replaceAll("%3A", ":")
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
