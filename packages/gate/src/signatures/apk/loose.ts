/**
 * Values of a signing block that are no signature of a known scheme: none of the signatures covers them.
 * Sources: Android, "APK Signature Scheme v2" (the block may hold others' values); apksig, padding, source stamps and
 * dependency lists; stores that tag packages there.
 * @module
 */

import { type ByteSource, readExactly } from "@sallyport/core";
import type { Finding } from "../../finding.ts";
import { isAllZero } from "../../formats/front-reader.ts";
import type { SigningBlock, SigningPair } from "../../formats/zip/signing-block.ts";
import { SCHEMES } from "./signer.ts";

const PADDING = 0x42726577;
/** Written by Android's own tools and by its store, and not larger than this. */
const KNOWN: ReadonlySet<number> = new Set([0x504b4453, 0x6dff800d, 0x2b09189e, 0x2146444e]);
const MAX_KNOWN_BYTES = 64 * 1024;
/** Signers with several keys and the proof of each change come to a third of it. */
const MAX_SIGNED_BYTES = 64 * 1024;
const MAX_UNKNOWN_BYTES = 4096;
const MAX_PADDING_BYTES = 64 * 1024;

/**
 * Beside a signer Android's tools put values of their own; a block without any signer is none of theirs.
 * @returns findings of check `certificate-table`
 */
export async function findLooseValues(source: ByteSource, block: SigningBlock): Promise<readonly Finding[]> {
  const others = block.pairs.filter(({ id }) => !SCHEMES.has(id));
  const signed = block.pairs.filter(({ id }) => SCHEMES.has(id));
  const findings: Finding[] = [];
  // Anybody can add a signer of their own, and sign what they like in it.
  if (sizeOf(signed) > MAX_SIGNED_BYTES)
    findings.push(
      finding("fail", `${sizeOf(signed)} bytes of signatures are more than signers write`, signed),
    );
  for (const pair of others.filter(({ id }) => id === PADDING))
    if (pair.valueBytes > MAX_PADDING_BYTES || !(await isPadding(source, pair)))
      findings.push(finding("fail", "the padding of the signing block is not empty", [pair]));
  const isKnown = ({ id }: SigningPair) => signed.length > 0 && KNOWN.has(id);
  const known = others.filter(isKnown);
  const unknown = others.filter((pair) => pair.id !== PADDING && !isKnown(pair));
  if (sizeOf(known) > MAX_KNOWN_BYTES)
    findings.push(
      finding("fail", `${sizeOf(known)} bytes stand beside the signatures, more than tools write`, known),
    );
  if (sizeOf(unknown) > MAX_UNKNOWN_BYTES)
    findings.push(finding("fail", `${sizeOf(unknown)} bytes are hidden beside the signatures`, unknown));
  else if (unknown.length > 0)
    findings.push(finding("unknown", `a value of an unknown kind stands beside the signatures`, unknown));
  return findings;
}

async function isPadding(source: ByteSource, { valueOffset, valueBytes }: SigningPair): Promise<boolean> {
  return isAllZero(await readExactly(source, valueOffset, valueBytes, "apk: padding"));
}

const sizeOf = (pairs: readonly SigningPair[]): number =>
  pairs.reduce((sum, { valueBytes }) => sum + valueBytes, 0);

const finding = (outcome: Finding["outcome"], because: string, pairs: readonly SigningPair[]): Finding => ({
  check: "certificate-table",
  outcome,
  because,
  facts: { offsetBytes: pairs[0]?.valueOffset ?? 0, lengthBytes: sizeOf(pairs), values: pairs.length },
});
