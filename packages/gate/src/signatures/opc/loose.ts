/**
 * What a signature part holds beside what it signs, its value, the certificates and timestamps that count: an ordinary
 * one next to nothing. Source: W3C, XML Signature §4.5 (Object), §4.4 (KeyInfo): neither is signed by itself.
 * @module
 */

import type { Trust } from "../../code-signing/trust.ts";
import type { Finding } from "../../finding.ts";
import { canonicalXml } from "../../xml/canonical.ts";
import type { SignatureXml } from "./signature-xml.ts";

/** Tags, white space, a key that is named as well. */
const MAX_LOOSE_BYTES = 8 * 1024;
/** A reference with a long name and transforms. */
const MAX_PART_BYTES = 2048;
const MAX_SPARE_BYTES = 64 * 1024;

/** @returns the finding of check `certificate-table` */
export function findLoose(
  bytes: Buffer,
  xml: SignatureXml,
  beside: { position: number; trust: Trust | undefined; parts: number; certificates: readonly Buffer[] },
): readonly Finding[] {
  const { position, trust, parts: partCount } = beside;
  const allowedBytes = partCount * MAX_PART_BYTES + MAX_SPARE_BYTES;
  if (bytes.length > allowedBytes) {
    // Anybody can add a signature of their own, and sign what they like in it.
    const because = `a signature of ${bytes.length} bytes is larger than its parts need`;
    return [finding(because, { signature: position, lengthBytes: bytes.length, allowedBytes })];
  }
  const signed = xml.references.flatMap(({ uri }) => xml.objects.get(uri.slice(1)) ?? []);
  const covered = [xml.signedInfo, ...signed].map((place) => canonicalXml(place).length);
  const used = new Set([...(trust?.path.chain ?? [])].map(({ sha256 }) => sha256));
  const certificates = xml.certificates.length === 0 ? [] : [...(trust?.path.chain ?? [])];
  const timestamps = trust?.timestamps.timestamps ?? [];
  const parts = [
    xml.value.length,
    ...certificates.filter(({ sha256 }) => used.has(sha256)).map(({ raw }) => raw.length),
    ...timestamps
      .filter(({ outcome }) => outcome !== "broken")
      .map(({ raw, uncoveredBytes }) => raw.length - uncoveredBytes),
  ];
  const explained = sum(covered) + Math.ceil((sum(parts) * 4) / 3);
  // Certificates in parts of their own, which nobody uses, are no better place than the signature itself.
  const chain = trust?.path.chain ?? [];
  const stray = beside.certificates.filter((der) => !chain.some(({ raw }) => raw.equals(der)));
  const lengthBytes = bytes.length - explained + sum(stray.map((der) => der.length));
  if (lengthBytes <= MAX_LOOSE_BYTES) return [];
  const because = `${lengthBytes} bytes stand in the signature that it does not cover`;
  return [finding(because, { signature: position, lengthBytes })];
}

const finding = (because: string, facts: Finding["facts"]): Finding => ({
  check: "certificate-table",
  outcome: "fail",
  because,
  facts,
});

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
