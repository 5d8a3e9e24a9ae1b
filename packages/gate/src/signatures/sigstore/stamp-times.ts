/**
 * When a timestamp authority stamped, read by our own readers: the library knows no fraction of a second but one of
 * three digits (RFC 3161 §2.4.2 allows any, without trailing zeros), and does not look at the answer's status.
 * @module
 */

import { ArtifactError } from "@sallyport/core";
import type { SignedEntity } from "@sigstore/verify";
import { readDer, TAG } from "../../asn1/der.ts";
import { childOf, expectTag, readSmallInteger } from "../../asn1/values.ts";
import { readSignedData } from "../../cms/signed-data.ts";
import { readTstInfo } from "../../timestamps/tst-info.ts";
import type { ReadBundle } from "./bundle.ts";

/** RFC 3161 §2.4.2: granted, and granted with modifications. */
const GRANTED: ReadonlySet<number> = new Set([0, 1]);

/**
 * The same entity, with times of ours; what vouches for them is the library's to say.
 * @throws {@link ArtifactError} `artifact.malformed` for what is no answer of an authority
 */
export function withStampTimes(entity: SignedEntity, { bundle }: ReadBundle): SignedEntity {
  const stamps = bundle.verificationMaterial.timestampVerificationData?.rfc3161Timestamps ?? [];
  const times = stamps.map(({ signedTimestamp }) => readTime(signedTimestamp));
  const timestamps = entity.timestamps.map((timestamp) => {
    if (timestamp.$case !== "timestamp-authority") return timestamp;
    const signingTime = times.shift();
    return {
      ...timestamp,
      timestamp: Object.create(timestamp.timestamp, { signingTime: { value: signingTime } }),
    };
  });
  return { ...entity, timestamps };
}

/** TimeStampResp ::= SEQUENCE { status PKIStatusInfo, timeStampToken OPTIONAL } */
function readTime(answer: Buffer): Date {
  const response = expectTag(readDer(answer), TAG.sequence, "TimeStampResp");
  const status = childOf(childOf(response, 0, "status", TAG.sequence), 0, "status", TAG.integer);
  if (!GRANTED.has(readSmallInteger(status, "status")))
    throw new ArtifactError("artifact.malformed", "the authority granted no timestamp");
  const { content } = readSignedData(childOf(response, 1, "timeStampToken", TAG.sequence).raw);
  if (content === undefined) throw new ArtifactError("artifact.malformed", "the timestamp states nothing");
  return readTstInfo(expectTag(content, TAG.octetString, "TSTInfo").content).at;
}
