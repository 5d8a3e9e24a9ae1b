/** What of a signature's growth is explained by what signatures are made of. @module */

import type { ArtifactMember } from "../../artifact.ts";
import type { SignatureReport } from "../../signatures/scheme.ts";
import type { Difference } from "../trait.ts";
import { areCopies, signatureBytesOf } from "./sizes.ts";

/** What differs from one signature of a signer to the next: times, serial numbers, texts. */
const ORDINARY_BYTES = 2 * 1024;
/** A timestamp with its authority's whole chain. */
const TIMESTAMP_BYTES = 12 * 1024;
/** Another certificate comes with others above it. */
const CHAIN_BYTES = 12 * 1024;

/**
 * A signature has hardly anything in it that may grow. Where the same certificate signs as often as before, a payload in
 * an attribute or in a superfluous certificate shows as size, whatever its form.
 */
export function judgeGrowth(old: ArtifactMember, fresh: ArtifactMember): Difference | undefined {
  const [before, after] = [signatureBytesOf(old), signatureBytesOf(fresh)];
  // Page hashes grow with the program.
  const isPaged = [...old.signatures, ...fresh.signatures].some(hasPageHashes);
  if (before === undefined || after === undefined || isPaged) return undefined;
  const isCopy = areCopies(old.signatures, fresh.signatures);
  const explained = isCopy ? 0 : explainedBytes(old.signatures, fresh.signatures);
  if (after - before <= explained) return undefined;
  return {
    rule: "signature-grew",
    risk: isCopy ? "critical" : "high",
    because: isCopy
      ? "has the signature of the release before, which was not made anew, and more in it"
      : "has a signature that grew by more than certificates and timestamps explain",
    before: { text: `${before} bytes of signatures` },
    after: { text: `${after} bytes of signatures; ${explained} bytes more would be ordinary at most` },
    facts: { grownBytes: after - before },
  };
}

function explainedBytes(old: readonly SignatureReport[], fresh: readonly SignatureReport[]): number {
  const stamps = fresh.filter(isStamped).length - old.filter(isStamped).length;
  const strangers = fresh.filter((report) => !old.some((known) => isSameCertificate(known, report)));
  return (
    ORDINARY_BYTES +
    Math.max(0, stamps) * TIMESTAMP_BYTES +
    strangers.length * CHAIN_BYTES +
    Math.max(0, fresh.length - old.length) * CHAIN_BYTES +
    (timestampersOf(fresh) === timestampersOf(old) ? 0 : TIMESTAMP_BYTES)
  );
}

const hasPageHashes = ({ facts }: SignatureReport): boolean =>
  facts.pageHashes !== undefined && facts.pageHashes !== "none";
const isStamped = ({ timestamp }: SignatureReport): boolean => timestamp !== undefined;
const isSameCertificate = (a: SignatureReport, b: SignatureReport): boolean =>
  a.signer !== undefined && a.signer.sha256 === b.signer?.sha256;
const timestampersOf = (signatures: readonly SignatureReport[]): string =>
  signatures.map(({ timestamp }) => `${timestamp?.kind} ${timestamp?.authority}`).join("\n");
