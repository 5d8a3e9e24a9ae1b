/** Whether two names that only one product has are the same one. @module */

import type { Identifier, IdentifierKind } from "@sallyport/core";
import { type Cpe, isDesktop, parseCpe } from "./cpe.ts";
import { type Purl, parsePurl, purlName, upstreamOf } from "./purl.ts";

/** What agreed, and the version that stands in it. */
export interface Agreement {
  readonly match: "certain" | "possible";
  readonly because: string;
  /** Of the claim's identifier. */
  readonly claimedVersion?: string;
  /** Only this version is meant: the source's identifier names it. */
  readonly onlyVersion?: string;
}

/** How an installed package's list differs from the names its maker uses: what these systems build has versions of its own. */
const DISTRIBUTIONS = new Set(["deb", "rpm", "apk", "alpm", "ebuild", "opkg"]);
/** Names in these are given by no registry. */
const UNREGISTERED = new Set(["generic", "github", "gitlab", "bitbucket", "docker", "oci", "swid"]);

export function agreement(
  claimed: readonly Identifier[],
  named: readonly Identifier[],
): Agreement | undefined {
  let best: Agreement | undefined;
  for (const claim of claimed)
    for (const naming of named) {
      const found = claim.kind === naming.kind ? agree(claim.kind, claim.value, naming.value) : undefined;
      if (found?.match === "certain") return found;
      best ??= found;
    }
  return best;
}

/** A package of a registry is told by its package URL alone: its plain name is anybody's. */
export const isRegistered = (identifiers: readonly Identifier[]): boolean =>
  identifiers.some(({ kind, value }) => {
    const purl = kind === "purl" ? parsePurl(value) : undefined;
    return purl !== undefined && !UNREGISTERED.has(purl.type);
  });

function agree(kind: IdentifierKind, claimed: string, named: string): Agreement | undefined {
  if (kind === "purl") return agreePurls(parsePurl(claimed), parsePurl(named));
  if (kind === "cpe") return agreeCpes(parseCpe(claimed), parseCpe(named));
  const isSame = claimed.trim().toLowerCase() === named.trim().toLowerCase();
  return isSame ? { match: "certain", because: `${WORDS[kind]} ${named} agrees` } : undefined;
}

const WORDS: Readonly<Record<IdentifierKind, string>> = {
  purl: "package URL",
  cpe: "CPE",
  "upgrade-code": "UpgradeCode",
  "product-code": "ProductCode",
  "bundle-id": "bundle id",
  "package-id": "package id",
};

function agreeCpes(claimed: Cpe | undefined, named: Cpe | undefined): Agreement | undefined {
  if (claimed === undefined || named === undefined) return undefined;
  if (claimed.vendor !== named.vendor || claimed.product !== named.product) return undefined;
  if (claimed.part !== named.part || !isForSame(claimed, named)) return undefined;
  // Of the same name for another platform, `node.js`, nobody says that it is this one.
  const isSaid = named.targetSoftware === undefined || claimed.targetSoftware === named.targetSoftware;
  return {
    match: isSaid || isDesktop(named) ? "certain" : "possible",
    because: `CPE ${named.vendor}:${named.product} agrees`,
    ...(claimed.version !== undefined && { claimedVersion: claimed.version }),
    ...(named.version !== undefined && { onlyVersion: named.version }),
  };
}

const isForSame = (claimed: Cpe, named: Cpe): boolean =>
  claimed.targetSoftware === undefined ||
  named.targetSoftware === undefined ||
  claimed.targetSoftware === named.targetSoftware;

function agreePurls(claimed: Purl | undefined, named: Purl | undefined): Agreement | undefined {
  if (claimed === undefined || named === undefined || claimed.type !== named.type) return undefined;
  const { name, version } = asNamed(claimed, named);
  if (name !== named.name) return undefined;
  const isDistribution = DISTRIBUTIONS.has(claimed.type);
  // A list for Debian says nothing of Ubuntu; a package that does not say whose it is may be meant.
  const isOwn = claimed.namespace === named.namespace;
  if (!isOwn && !(isDistribution && (claimed.namespace === "" || named.namespace === ""))) return undefined;
  const release = isDistribution ? agreeReleases(claimed, named) : "same";
  if (release === "other") return undefined;
  return {
    match: isOwn && release === "same" ? "certain" : "possible",
    because: `package URL pkg:${purlName(named)} agrees`,
    ...(version !== undefined && { claimedVersion: version }),
    ...(named.version !== undefined && { onlyVersion: named.version }),
  };
}

/** Lists of distributions name source packages; a binary package says which one it was built from: `upstream=openssl@3.0`. */
function asNamed(claimed: Purl, named: Purl): { name: string; version: string | undefined } {
  const upstream = upstreamOf(claimed);
  const arch = named.qualifiers.get("arch");
  const version = withEpoch(claimed);
  if (upstream === undefined || !(arch === "source" || arch === "src"))
    return { name: claimed.name, version };
  return { name: upstream.name, version: upstream.version ?? version };
}

/** A package URL of type rpm keeps the epoch beside the version, and it counts before everything: purl-spec, type `rpm`. */
function withEpoch({ type, version, qualifiers }: Purl): string | undefined {
  const epoch = type === "rpm" ? qualifiers.get("epoch") : undefined;
  if (version === undefined || epoch === undefined || !/^\d{1,10}$/.test(epoch)) return version;
  return `${epoch}:${version}`;
}

function agreeReleases(claimed: Purl, named: Purl): "same" | "other" | "unknown" {
  const wanted = named.qualifiers.get("distro")?.toLowerCase();
  const own = claimed.qualifiers.get("distro")?.toLowerCase();
  if (wanted === undefined) return "same";
  if (own === undefined) return "unknown";
  if (own === wanted || own.startsWith(`${wanted}.`) || wanted.startsWith(`${own}.`)) return "same";
  // `debian-12` and `debian-13` differ; whether `bookworm` is `debian-12` is not told here.
  return /[0-9]/.test(own) && /[0-9]/.test(wanted) ? "other" : "unknown";
}
