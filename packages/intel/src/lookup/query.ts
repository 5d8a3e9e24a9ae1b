/** What somebody looks for, told by how it is written. @module */

import { isIP } from "node:net";
import type { Claim, Observable, ObservableKind } from "@sallyport/core";
import { observableOf } from "../indicators/index.ts";

export interface Query {
  /** For people: what it was taken for. */
  readonly understoodAs: string;
  /** Names of a weakness. */
  readonly ids: readonly string[];
  readonly observables: readonly Observable[];
  /** What may be meant: of a name with several words, each way to tell the maker from the product. */
  readonly claims: readonly Claim[];
  /** Lower-case hex. */
  readonly sha256?: string;
  /** A name of a company or product. */
  readonly name?: string;
}

const MAX_CHARACTERS = 1_000;
const MAX_WORDS = 8;
/** RFC 1035 §3.1 allows 255 octets; some more for brackets around the dots. */
const MAX_DOMAIN_CHARACTERS = 400;
const NOTHING = { ids: [], observables: [], claims: [] };
/** `CVE-2024-0001`, `GHSA-…`, `PYSEC-2024-1`, `DSA-5000-1`, `RHSA-2024:1`, `RUSTSEC-2024-0001`. */
const ID = /^(?:[A-Z]{2,12}(?:-[A-Z]{2,8})?-\d{4}[-:]\d+|GHSA(?:-[0-9a-z]{4}){3}|(?:DSA|DLA|USN)-\d+-\d+)$/i;
const DOMAIN = /^(?:[a-z0-9_-]+(?:\[?\.\]?))+[a-z][a-z0-9-]*\.?$/i;

/** Never throws: what is nothing else is a name. */
export function understand(text: string): Query {
  const query = text.trim().slice(0, MAX_CHARACTERS);
  const hash = query.replace(/^(?:sha-?256|sha-?1|md5):/i, "").toLowerCase();
  if (/^[0-9a-f]+$/.test(hash) && [32, 40, 64].includes(hash.length)) return hashQuery(hash);
  if (ID.test(query)) return { ...NOTHING, understoodAs: "the name of a vulnerability", ids: [query] };
  if (/^pkg:/i.test(query)) return identifierQuery("purl", "a package URL", query);
  if (/^cpe:/i.test(query)) return identifierQuery("cpe", "a CPE name", query);
  if (/^(?:https?|hxxps?):/i.test(query)) return addressQuery(query);
  if (isIP(query) !== 0)
    return { ...NOTHING, understoodAs: "an IP address", observables: observables(["ip-address"], query) };
  const mayBeDomain = query.length <= MAX_DOMAIN_CHARACTERS && DOMAIN.test(query);
  if (mayBeDomain && !/\.(?:exe|msi|dmg|zip|deb|rpm|pkg|dll|js|jar|net)$/i.test(query))
    return { ...nameQuery(query), understoodAs: "a domain", observables: observables(["domain"], query) };
  return nameQuery(query);
}

function hashQuery(hash: string): Query {
  const kinds: Readonly<Record<number, readonly ObservableKind[]>> = {
    32: ["md5", "signed-content", "certificate-serial"],
    40: ["sha1", "signed-content", "certificate-serial"],
    64: ["sha256", "signed-content", "certificate-sha256"],
  };
  return {
    ...NOTHING,
    understoodAs: "a digest",
    observables: observables(kinds[hash.length] ?? [], hash),
    ...(hash.length === 64 && { sha256: hash }),
  };
}

const identifierQuery = (kind: "purl" | "cpe", understoodAs: string, value: string): Query => ({
  ...NOTHING,
  understoodAs,
  claims: [{ identifiers: [{ kind, value }] }],
});

function addressQuery(query: string): Query {
  const host = /^[a-z]+:\/\/(?:[^/@]*@)?([^/:?#]+)/i.exec(query)?.[1] ?? "";
  return {
    ...NOTHING,
    understoodAs: "a web address",
    observables: [
      ...observables(["url"], query),
      ...observables([isIP(host) ? "ip-address" : "domain"], host),
    ],
  };
}

/** `Trading Technologies X_TRADER` is the maker and the product, and only which words are whose is not said. */
function nameQuery(name: string): Query {
  const words = name.split(/\s+/).slice(0, MAX_WORDS);
  const splits = words.slice(1).map((_, at) => ({
    vendor: words.slice(0, at + 1).join(" "),
    product: words.slice(at + 1).join(" "),
    identifiers: [],
  }));
  return {
    ...NOTHING,
    understoodAs: "a name",
    name,
    claims: [{ product: name, identifiers: [] }, ...splits],
    observables: observables(["certificate-serial", "text"], name),
  };
}

/** Those of the kinds that this can be written for. */
function observables(kinds: readonly ObservableKind[], written: string): readonly Observable[] {
  return kinds.flatMap((kind) => {
    try {
      return [observableOf(kind, written)];
    } catch {
      return [];
    }
  });
}
