/** Every timestamp a signature carries, each judged on its own, and the best of them. @module */

import { ArtifactError, hasCode } from "@sallyport/core";
import type { DerNode } from "../asn1/der.ts";
import { ATTRIBUTE, type SignerInfo } from "../cms/signer-info.ts";
import type { AuthorityContext } from "./authority.ts";
import { broken } from "./authority.ts";
import { verifyCountersignature } from "./countersignature.ts";
import { reportTimestamp } from "./evaluation.ts";
import type { Timestamp, TimestampKind, TimestampOutcome, TimestampSummary } from "./timestamp.ts";
import { verifyToken } from "./token.ts";

/** Real signatures carry one or two. */
const MAX_TIMESTAMPS = 16;

/**
 * Verifies the timestamps among a signer's unsigned attributes. A timestamp that is not one is reported as
 * `broken`, never thrown.
 * @param context - `pool`: the certificates of the SignedData the signer stands in
 * @throws {@link ArtifactError} `artifact.over-limit` beyond 16 timestamps
 */
export function verifyTimestamps(signer: SignerInfo, context: AuthorityContext): TimestampSummary {
  const valuesOf = (...oids: readonly string[]) =>
    signer.unsignedAttributes
      .filter((attribute) => oids.includes(attribute.oid))
      .flatMap((attribute) => attribute.values);
  const tokens = valuesOf(ATTRIBUTE.rfc3161Token, ATTRIBUTE.timeStampToken);
  const countersignatures = valuesOf(ATTRIBUTE.countersignature);
  if (tokens.length + countersignatures.length > MAX_TIMESTAMPS)
    throw new ArtifactError(
      "artifact.over-limit",
      `a signature carries more than ${MAX_TIMESTAMPS} timestamps`,
    );
  const timestamps = [
    ...tokens.map((node) => guard("rfc3161", node, () => verifyToken(node.raw, signer.signature, context))),
    ...countersignatures.map((node) =>
      guard("pkcs9", node, () => verifyCountersignature(node, signer.signature, context)),
    ),
  ];
  return summarise(timestamps);
}

/**
 * The same for tokens that stand beside a signature value that is no CMS.
 * @param tokens - DER of each
 */
export function verifyTokens(
  tokens: readonly Buffer[],
  stamped: Uint8Array,
  context: AuthorityContext,
): TimestampSummary {
  if (tokens.length > MAX_TIMESTAMPS)
    throw new ArtifactError(
      "artifact.over-limit",
      `a signature carries more than ${MAX_TIMESTAMPS} timestamps`,
    );
  return summarise(tokens.map((raw) => guard("rfc3161", { raw }, () => verifyToken(raw, stamped, context))));
}

function summarise(timestamps: readonly Timestamp[]): TimestampSummary {
  const best = timestamps.toSorted(compare)[0];
  return { timestamps, best, trustedTime: best?.outcome === "verified" ? best.at : undefined };
}

function guard(kind: TimestampKind, node: Pick<DerNode, "raw">, verify: () => Timestamp): Timestamp {
  try {
    return verify();
  } catch (error) {
    if (!hasCode(error, "artifact.malformed", "artifact.unsupported")) throw error;
    return reportTimestamp(kind, broken("malformed", error.message), {
      raw: node.raw,
      uncoveredBytes: node.raw.length,
    });
  }
}

const RANK: Readonly<Record<TimestampOutcome | TimestampKind, number>> = {
  verified: 0,
  unverifiable: 1,
  broken: 2,
  rfc3161: 0,
  pkcs9: 1,
};

function compare(a: Timestamp, b: Timestamp): number {
  return (
    RANK[a.outcome] - RANK[b.outcome] ||
    RANK[a.kind] - RANK[b.kind] ||
    (a.at?.getTime() ?? 0) - (b.at?.getTime() ?? 0)
  );
}
