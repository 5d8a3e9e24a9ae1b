/**
 * Finds every path from a leaf to an anchor, within limits: the pool is an attacker's, and cross-certificates can
 * make it a maze. Signatures are verified while searching, so a path that is returned is one that was really signed.
 * Source: RFC 4158 §2.4, §3.
 * @module
 */

import { readDer } from "../asn1/der.ts";
import type { TrustAnchor, TrustStore } from "../trust/trust-store.ts";
import type { Certificate } from "./certificate.ts";
import { comparableName, readName } from "./name.ts";
import { labelOf, verifyIssued } from "./path-rules.ts";

export interface CandidatePath {
  /** From the leaf up; each signed by the next, the last one by the anchor. */
  readonly certificates: readonly Certificate[];
  readonly anchor: TrustAnchor;
  readonly anchorCertificate: Certificate | undefined;
}

export interface SearchResult {
  readonly complete: readonly CandidatePath[];
  /** The longest chain that was really signed. */
  readonly longest: readonly Certificate[];
  /** Why the search could not follow a certificate, or gave up. */
  readonly objection: string | undefined;
}

/** Certificates in a path below the anchor. The longest seen in the field has four. */
const MAX_DEPTH = 10;
const MAX_POOL = 2000;
/** An honest search takes one for each certificate of the path. */
const MAX_VERIFICATIONS = 64;
const MAX_PATHS = 32;
/** Certificates that sign each other in a circle have more paths than anyone can walk. */
const MAX_STEPS = 2000;

const GAVE_UP = "the file brings so many certificates that the search for a path was given up";

interface Search {
  readonly issuers: ReadonlyMap<string, readonly Certificate[]>;
  readonly anchors: ReadonlyMap<string, readonly TrustAnchor[]>;
  readonly verified: Map<string, boolean>;
  readonly complete: CandidatePath[];
  steps: number;
  longest: readonly Certificate[];
  objection: string | undefined;
}

export function searchPaths(request: {
  leaf: Certificate;
  pool: readonly Certificate[];
  trust: TrustStore;
}): SearchResult {
  const unique = new Map(request.pool.slice(0, MAX_POOL).map((one) => [one.sha256, one]));
  const sorted = [...unique.values()].sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1));
  const search: Search = {
    issuers: Map.groupBy(sorted, (certificate) => certificate.subjectKey),
    anchors: anchorsByName(request.trust),
    verified: new Map(),
    complete: [],
    steps: 0,
    longest: [request.leaf],
    objection: undefined,
  };
  extend(search, [request.leaf]);
  return search;
}

function extend(search: Search, chain: readonly Certificate[]): void {
  const top = chain.at(-1);
  if (top === undefined || search.complete.length >= MAX_PATHS) return;
  search.steps += 1;
  if (search.steps > MAX_STEPS) {
    search.objection ??= GAVE_UP;
    return;
  }
  if (chain.length > search.longest.length) search.longest = chain;
  endAtAnchor(search, chain, top);
  if (chain.length >= MAX_DEPTH) {
    search.objection ??= `the path is longer than ${MAX_DEPTH} certificates`;
    return;
  }
  for (const issuer of candidatesFor(search, top)) {
    const loops = chain.some((one) => one.subjectKey === issuer.subjectKey && sameKey(one, issuer));
    if (!loops && isIssuedBy(search, top, issuer.publicKeyInfo)) extend(search, [...chain, issuer]);
  }
}

/** An anchor is a name and a key: it may be the top certificate itself, or what signed it. */
function endAtAnchor(search: Search, chain: readonly Certificate[], top: Certificate): void {
  const itself = (search.anchors.get(top.subjectKey) ?? []).filter((one) =>
    top.publicKeyInfo.equals(one.publicKey),
  );
  for (const anchor of itself) {
    if (anchor.onlyItself === true && chain.length > 1) continue;
    search.complete.push(
      chain.length === 1
        ? { certificates: chain, anchor, anchorCertificate: undefined }
        : { certificates: chain.slice(0, -1), anchor, anchorCertificate: top },
    );
  }
  for (const anchor of search.anchors.get(top.issuerKey) ?? [])
    if (
      anchor.onlyItself !== true &&
      !itself.includes(anchor) &&
      isIssuedBy(search, top, Buffer.from(anchor.publicKey))
    )
      search.complete.push({ certificates: chain, anchor, anchorCertificate: undefined });
}

/** Those whose key identifier is the one named come first; it is a hint, not a rule (RFC 5280 §4.2.1.1). */
function candidatesFor(search: Search, certificate: Certificate): readonly Certificate[] {
  const named = search.issuers.get(certificate.issuerKey) ?? [];
  const wanted = certificate.authorityKeyIdentifier;
  if (wanted === undefined) return named;
  const [hinted, others] = [true, false].map((match) =>
    named.filter((one) => (one.subjectKeyIdentifier?.equals(wanted) ?? false) === match),
  );
  return [...(hinted ?? []), ...(others ?? [])];
}

function isIssuedBy(search: Search, certificate: Certificate, issuerKey: Buffer): boolean {
  const question = `${certificate.sha256} ${issuerKey.toString("base64")}`;
  const known = search.verified.get(question);
  if (known !== undefined) return known;
  if (search.verified.size >= MAX_VERIFICATIONS) {
    search.objection ??= GAVE_UP;
    return false;
  }
  const answer = verifyIssued(certificate, issuerKey);
  if (typeof answer === "string")
    search.objection ??= `the issuer of "${labelOf(certificate)}" cannot be verified: ${answer}`;
  search.verified.set(question, answer === true);
  return answer === true;
}

const sameKey = (a: Certificate, b: Certificate): boolean => a.publicKeyInfo.equals(b.publicKeyInfo);

const indexed = new WeakMap<TrustStore, ReadonlyMap<string, readonly TrustAnchor[]>>();

function anchorsByName(trust: TrustStore): ReadonlyMap<string, readonly TrustAnchor[]> {
  const known = indexed.get(trust);
  if (known !== undefined) return known;
  const sorted = trust.anchors.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  const index = Map.groupBy(sorted, (anchor) => comparableName(readName(readDer(anchor.subject))));
  indexed.set(trust, index);
  return index;
}
