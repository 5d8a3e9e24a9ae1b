/** By what two files are told to be the same thing: signed content, link id, claimed name. @module */

import type { ArtifactMember, Identity } from "../../artifact.ts";

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

/** Worth being remembered and looked for: what says of itself which thing it is, or is signed. */
export const isTelling = ({ signatures, identity = {} }: ArtifactMember): boolean =>
  signatures.length > 0 || linkKey(identity) !== undefined || claimKey(identity) !== undefined;
