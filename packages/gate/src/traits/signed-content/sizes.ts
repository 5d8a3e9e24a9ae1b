/** How many bytes of a file are signatures, and how many of those nobody needs, as its signatures' reports tell. @module */

import type { ArtifactMember } from "../../artifact.ts";
import type { SignatureReport } from "../../signatures/scheme.ts";

/** All signatures together; nested ones are inside of others. Undefined where their sizes are not told. */
export const signatureBytesOf = ({ signatures }: ArtifactMember): number | undefined =>
  sumOf(signatures.filter(isOuter).map(({ facts }) => facts.signatureBytes));

/** Of a Windows image, what its certificate table holds beside the signatures. */
export function tableRestOf(member: ArtifactMember): number | undefined {
  const [tableBytes] = member.signatures.flatMap(({ facts }) => numberOf(facts.tableBytes) ?? []);
  const bytes = signatureBytesOf(member);
  return tableBytes === undefined || bytes === undefined ? undefined : tableBytes - bytes;
}

/** Everything but the signatures: what is signed, and what hides. */
export function unsignedRestOf(member: ArtifactMember): number | undefined {
  const bytes = signatureBytesOf(member);
  return bytes === undefined ? undefined : member.sizeBytes - bytes;
}

/** Attributes of unknown kinds and certificates that nothing leads through. */
export const spareBytesOf = ({ signatures }: ArtifactMember): number | undefined =>
  sumOf(signatures.map(({ facts }) => facts.spareBytes));

/** The same signatures, at the same proven times: copied, not made once more. */
export const areCopies = (old: readonly SignatureReport[], fresh: readonly SignatureReport[]): boolean =>
  old.length === fresh.length &&
  old.every((report, index) => {
    const other = fresh[index];
    return other !== undefined && isSameValue(report, other) && report.timestamp?.at === other.timestamp?.at;
  });

const isSameValue = (a: SignatureReport, b: SignatureReport): boolean =>
  typeof a.facts.valueSha256 === "string" && a.facts.valueSha256 === b.facts.valueSha256;

const isOuter = ({ facts }: SignatureReport): boolean => facts.nested === false;

const numberOf = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined);

function sumOf(values: readonly unknown[]): number | undefined {
  let sum: number | undefined;
  for (const value of values) {
    const number = numberOf(value);
    if (number === undefined) return undefined;
    sum = (sum ?? 0) + number;
  }
  return sum;
}
