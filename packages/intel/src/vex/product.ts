/** A product as statements name it: by package URL, by CPE, by maker and name; and which versions of it. @module */

import type { Identifier } from "@sallyport/core";
import { type Cpe, parseCpe } from "../match/cpe.ts";
import { type Purl, parsePurl } from "../match/purl.ts";
import type { Naming, VersionScheme, VersionSet } from "../naming.ts";
import { schemeOf } from "./schemes.ts";

export interface WrittenProduct {
  readonly vendor?: string | undefined;
  readonly product?: string | undefined;
  readonly purls?: readonly string[];
  readonly cpes?: readonly string[];
  /** Which are meant, where it is said beside the names; otherwise the identifiers tell. */
  readonly versions?: { readonly scheme: VersionScheme; readonly versions: "all" | VersionSet } | undefined;
}

const MAX_IDENTIFIERS = 100;

/**
 * @returns undefined when it is named by nothing that can be compared. An identifier without a version means every version, as
 * OpenVEX and CSAF say.
 */
export function namingOf({
  vendor,
  product,
  purls = [],
  cpes = [],
  versions,
}: WrittenProduct): Naming | undefined {
  const packages = purls.slice(0, MAX_IDENTIFIERS).flatMap(readPurl);
  const platforms = cpes.slice(0, MAX_IDENTIFIERS).flatMap(readCpe);
  const named = [...packages, ...platforms];
  const hasNames = vendor !== undefined && product !== undefined;
  if (named.length === 0 && !hasNames) return undefined;
  const scheme =
    versions?.scheme === "generic" || versions === undefined ? packages[0]?.scheme : versions.scheme;
  const exact = [...new Set(named.flatMap(({ version }) => version ?? []))];
  const told = exact.length > 0 ? { ranges: [], exact } : named.length > 0 ? ("all" as const) : NONE;
  // A package's URL says its version in its system's words; beside it stands what people call it.
  const isSaid = packages.some(({ version }) => version !== undefined) && !hasRange(versions?.versions);
  return {
    // A package is told by its package URL alone.
    ...(hasNames && packages.length === 0 && { vendor, product }),
    identifiers: [...new Map(named.map(({ identifier }) => [identifier.value, identifier])).values()],
    scheme: scheme ?? "generic",
    versions: isSaid ? told : (versions?.versions ?? told),
  };
}

const hasRange = (versions: "all" | VersionSet | undefined): boolean =>
  versions === "all" || (versions !== undefined && versions.ranges.length > 0);

const NONE: VersionSet = { ranges: [], exact: [] };

interface Read {
  readonly identifier: Identifier;
  readonly version?: string;
  readonly scheme?: VersionScheme;
}

/** The version stands beside it, because a range may as well. */
function readPurl(text: string): readonly Read[] {
  const purl = text.length > 900 ? undefined : parsePurl(text);
  if (purl === undefined) return [];
  const value = withoutVersion(text.trim());
  return [
    {
      identifier: { kind: "purl", value },
      scheme: schemeOf(purl.type),
      ...(purl.version !== undefined && { version: versionWithEpoch(purl) }),
    },
  ];
}

/** purl-spec, type `rpm`: the epoch is a qualifier. */
function versionWithEpoch({ type, version = "", qualifiers }: Purl): string {
  const epoch = type === "rpm" ? (qualifiers.get("epoch") ?? "") : "";
  return /^\d{1,10}$/.test(epoch) ? `${epoch}:${version}` : version;
}

/** Only what sets packages apart stays: the release of a distribution. */
function withoutVersion(text: string): string {
  const [path = "", query = ""] = text.split("#", 1)[0]?.split("?", 2) ?? [];
  const at = path.lastIndexOf("@");
  const name = at > path.lastIndexOf("/") + 1 ? path.slice(0, at) : path;
  const distro = query.split("&").find((pair) => pair.startsWith("distro="));
  return distro === undefined ? name : `${name}?${distro}`;
}

function readCpe(text: string): readonly Read[] {
  const cpe = text.length > 900 ? undefined : parseCpe(text);
  if (cpe === undefined) return [];
  const identifier = { kind: "cpe", value: anyVersionOf(cpe) } as const;
  return [{ identifier, ...(cpe.version !== undefined && { version: cpe.version }) }];
}

/** The same name for every version: which are meant stands beside it. NISTIR 7695 §6.2. */
export function anyVersionOf({ part, vendor, product, targetSoftware }: Cpe): string {
  const quoted = (value: string) => value.replace(/[^\w.-]/g, (character) => `\\${character}`);
  const target = targetSoftware === undefined ? "*" : quoted(targetSoftware);
  return `cpe:2.3:${part}:${quoted(vendor)}:${quoted(product)}:*:*:*:*:*:${target}:*:*`;
}
