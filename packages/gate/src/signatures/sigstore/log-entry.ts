/**
 * What the verifier library leaves open about a log entry: that it was made for this very key, and that the log's own
 * key was valid at the time. Sources: Rekor, pkg/types (hashedrekord, dsse, intoto); Rekor v2, entry.proto.
 * @module
 */

import type { Json } from "@sallyport/core";
import type { Bundle } from "@sigstore/bundle";
import { listMember, memberAt, readJson, textMember } from "../../json/read-json.ts";
import { isWithin, type Log } from "./trust-root.ts";

export type LogEntry = Bundle["verificationMaterial"]["tlogEntries"][number];

/** The signer as log entries write it. */
export interface LoggedSigner {
  /** DER of the certificate, when one signed. */
  readonly certificate: Buffer | undefined;
  /** DER of the SubjectPublicKeyInfo. */
  readonly publicKeyInfo: Buffer;
}

/** @returns why the entry is not about this signer; undefined when it is */
export function objectToSigner(entry: LogEntry, signer: LoggedSigner): string | undefined {
  const logged = readLoggedKey(readJson(entry.canonicalizedBody, "a log entry"));
  if (logged === undefined) return "a log entry does not say who signed";
  const same = signer.certificate?.equals(logged) === true || signer.publicKeyInfo.equals(logged);
  return same ? undefined : "a log entry was made for another signer";
}

/**
 * The library follows the checkpoint; other readers follow what stands beside it, which must be the same.
 * @returns why the proof and its checkpoint differ; undefined when they do not
 */
export function objectToProof({ inclusionProof }: LogEntry): string | undefined {
  const [, size = "", root = ""] = inclusionProof?.checkpoint?.envelope.split("\n", 3) ?? [];
  if (inclusionProof === undefined || size === "") return undefined;
  const { rootHash, treeSize } = inclusionProof;
  const same = rootHash.equals(Buffer.from(root, "base64")) && treeSize === size;
  return same ? undefined : "a proof of the log and its checkpoint are about different states of the log";
}

/** The place in the log that promise or proof vouch for; the other number beside them is nobody's word. */
export const provenIndex = ({ logIndex, inclusionPromise, inclusionProof }: LogEntry): string | undefined =>
  inclusionPromise === undefined ? inclusionProof?.logIndex : logIndex;

/** @returns why the log's word does not count; undefined when it does */
export function objectToTime(
  entry: LogEntry,
  times: readonly Date[],
  logs: readonly Log[],
): string | undefined {
  const log = logs.find(({ id }) => id === entry.logId.keyId.toString("hex"));
  if (log === undefined) return "a log entry is of an unknown log";
  const outside = times.find((time) => !isWithin(log.validFor, time));
  return outside === undefined
    ? undefined
    : `the log ${log.name} was not to be used at ${outside.toISOString()}, when this was signed`;
}

function readLoggedKey(body: Json): Buffer | undefined {
  const spec = memberAt(body, "spec");
  const first = (value: Json | undefined) => listMember(value, "signatures")?.[0];
  const pem =
    textMember(memberAt(spec, "signature", "publicKey"), "content") ??
    textMember(first(spec), "verifier") ??
    textMember(first(memberAt(spec, "content", "envelope")), "publicKey");
  if (pem !== undefined) return fromPem(Buffer.from(pem, "base64").toString("latin1"));
  const verifier =
    memberAt(spec, "hashedRekordV002", "signature", "verifier") ??
    memberAt(first(memberAt(spec, "dsseV002")), "verifier");
  const raw =
    textMember(memberAt(verifier, "x509Certificate"), "rawBytes") ??
    textMember(memberAt(verifier, "publicKey"), "rawBytes");
  return raw === undefined ? undefined : Buffer.from(raw, "base64");
}

function fromPem(text: string): Buffer | undefined {
  const [, body] =
    /^\s*-----BEGIN [A-Z ]{1,32}-----([A-Za-z0-9+/=\s]+)-----END [A-Z ]{1,32}-----\s*$/.exec(text) ?? [];
  return body === undefined ? undefined : Buffer.from(body, "base64");
}
