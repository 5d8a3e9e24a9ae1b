/** By what two files are told to be the same thing: signed content, link id, claimed name. @module */

import type { ArtifactMember, Identity } from "../../artifact.ts";
import { type SignatureReport, TRUSTED } from "../../signatures/scheme.ts";

/**
 * What a signature signs, as a name for it. A universal file's signatures speak of one slice each, and the slices are
 * members of their own.
 */
export function signedContent({
  scheme,
  digestAlgorithm,
  digest,
  facts,
}: SignatureReport): string | undefined {
  if (digest === undefined || digest === "" || facts.slice !== undefined) return undefined;
  return `${scheme} ${digestAlgorithm}:${digest}`;
}

export const isProven = ({ integrity, trust }: SignatureReport): boolean =>
  integrity === "pass" && TRUSTED.has(trust);

/** One run of the linker for one architecture; a build id alone says too little, as slices may share it. */
export const linkKey = ({ architecture, buildId }: Identity): string | undefined =>
  architecture === undefined || buildId === undefined || buildId === ""
    ? undefined
    : `${architecture} ${buildId}`;

/** The very file that somebody claims it to be; undefined when it claims too little for that. */
export function claimKey({ originalName, company, version, architecture }: Identity): string | undefined {
  if (originalName === undefined || company === undefined || version === undefined) return undefined;
  return JSON.stringify([originalName, company, version, architecture ?? ""].map(folded));
}

const folded = (text: string): string => text.normalize("NFKC").toLowerCase().trim();

/** Words that say what kind of company it is, not which. */
const LEGAL_FORMS = new Set(
  "ab ag as bv co company corp corporation foundation gmbh inc incorporated kg limited llc ltd nv oy plc pty sa sas se spa srl".split(
    " ",
  ),
);

/** Whether the signer is the company that the file claims to be from: the same words, but for the legal form. */
export function isSameCompany(claimed: string | undefined, organisation: string | undefined): boolean {
  const [a, b] = [wordsOf(claimed), wordsOf(organisation)];
  return a !== "" && a === b;
}

const wordsOf = (name = ""): string =>
  folded(name.slice(0, 300))
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "" && word !== "the" && !LEGAL_FORMS.has(word))
    .join(" ");

/** Worth being remembered and looked for: what says of itself which thing it is, or is signed. */
export const isTelling = ({ signatures, identity = {} }: ArtifactMember): boolean =>
  signatures.length > 0 || linkKey(identity) !== undefined || claimKey(identity) !== undefined;
