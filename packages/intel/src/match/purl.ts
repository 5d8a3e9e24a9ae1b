/** Package URLs. Source: ECMA-427, Package-URL (purl) specification; purl-spec, types. @module */

export interface Purl {
  readonly type: string;
  readonly namespace: string;
  readonly name: string;
  readonly version?: string;
  readonly qualifiers: ReadonlyMap<string, string>;
}

const MAX_CHARACTERS = 2000;

/** Everything but the version in lower case: no system has two packages that differ in case alone. */
export function parsePurl(text: string): Purl | undefined {
  if (text.length > MAX_CHARACTERS) return undefined;
  const [, rest] = /^pkg:\/*(.+)$/is.exec(text.trim()) ?? [];
  if (rest === undefined) return undefined;
  const [beforeSubpath = ""] = rest.split("#", 1);
  const question = beforeSubpath.indexOf("?");
  const path = question < 0 ? beforeSubpath : beforeSubpath.slice(0, question);
  const slash = path.indexOf("/");
  if (slash <= 0) return undefined;
  const type = path.slice(0, slash).toLowerCase();
  const { names, version } = splitVersion(path.slice(slash + 1));
  const segments = names
    .split("/")
    .filter((segment) => segment !== "")
    .map((segment) => decode(segment).toLowerCase());
  const name = segments.pop();
  if (name === undefined || !/^[a-z][a-z0-9.+-]*$/.test(type)) return undefined;
  return {
    type,
    namespace: segments.join("/"),
    name: type === "pypi" ? name.replace(/[-_.]+/g, "-") : name,
    ...(version && { version: decode(version) }),
    qualifiers: question < 0 ? new Map() : qualifiersOf(beforeSubpath.slice(question + 1)),
  };
}

/** The name without its version: `npm/@scope/name`. */
export const purlName = ({ type, namespace, name }: Purl): string =>
  namespace === "" ? `${type}/${name}` : `${type}/${namespace}/${name}`;

/**
 * The source package that a binary package says it was built from, in the words of its system: `openssl@3.0`, and of rpm the
 * source package's file, `openssl-3.0.7-1.el9.src.rpm`.
 */
export function upstreamOf({ type, qualifiers }: Purl): { name: string; version?: string } | undefined {
  const upstream = qualifiers.get("upstream")?.toLowerCase() ?? "";
  if (upstream === "") return undefined;
  // Neither version nor release holds a dash.
  if (type === "rpm") return { name: upstream.replace(/-[^-]{1,100}-[^-]{1,100}\.rpm$/, "") };
  const at = upstream.indexOf("@");
  return at < 0 ? { name: upstream } : { name: upstream.slice(0, at), version: upstream.slice(at + 1) };
}

/** The last `@` that does not begin a segment: a scope of npm is often written as it is. */
function splitVersion(path: string): { names: string; version: string | undefined } {
  const at = path.lastIndexOf("@");
  if (at <= 0 || path.charAt(at - 1) === "/") return { names: path, version: undefined };
  return { names: path.slice(0, at), version: path.slice(at + 1) };
}

function qualifiersOf(query: string): ReadonlyMap<string, string> {
  const pairs = query.split("&", 50).flatMap((pair): [string, string][] => {
    const equals = pair.indexOf("=");
    return equals <= 0 ? [] : [[pair.slice(0, equals).toLowerCase(), decode(pair.slice(equals + 1))]];
  });
  return new Map(pairs);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A lone percent sign: people write it, and it means itself.
    return text;
  }
}
