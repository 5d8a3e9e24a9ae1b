/**
 * What a CodeDirectory covers beside the pages: requirements, entitlements, the Info.plist, the sealed resources.
 * Source: Apple, xnu, osfmk/kern/cs_blobs.h, `CSSLOT_*`; Security, OSX/libsecurity_codesigning.
 * @module
 */

import { type CodeDirectory, hashFor, specialHash } from "./code-directory.ts";
import type { SignedCode } from "./signed-code.ts";
import { type Blob, isSpecial, SLOT } from "./super-blob.ts";

/** Content that lies elsewhere in the bundle or image, and has to be compared there. */
export interface OutsideHash {
  readonly slot: number;
  readonly algorithm: string;
  /** Hex. */
  readonly hash: string;
}

export interface SpecialSlots {
  /** What is wrong, one sentence; undefined when every slot is as it was signed. */
  readonly problem: string | undefined;
  readonly outside: readonly OutsideHash[];
}

const NAMES: ReadonlyMap<number, string> = new Map([
  [SLOT.requirements, "requirements"],
  [SLOT.entitlements, "entitlements"],
  [SLOT.entitlementsDer, "entitlements in DER"],
  [SLOT.specific, "trailer of the image"],
  [SLOT.informationList, "Info.plist"],
]);

const nameOf = (slot: number): string => NAMES.get(slot) ?? `slot ${slot}`;

/** Slots whose content is a file beside the code. */
const OUTSIDE: ReadonlySet<number> = new Set([SLOT.informationList, SLOT.resources, SLOT.application]);

/** More slots than are defined would only keep us busy. */
const MAX_SPECIAL = 64;

export function compareSpecialSlots(
  directory: CodeDirectory,
  blobs: readonly Blob[],
  code: SignedCode,
): SpecialSlots {
  const outside: OutsideHash[] = [];
  const slots = blobs.map(({ slot }) => slot).filter(isSpecial);
  const needed = code.specific === undefined ? slots : [...slots, SLOT.specific];
  const uncovered = needed.find((slot) => specialHash(directory, slot) === undefined);
  if (uncovered !== undefined)
    return { problem: `nothing covers a part of it: ${nameOf(uncovered)}`, outside };
  if (directory.specialCount > MAX_SPECIAL) return { problem: "it has too many special slots", outside };
  for (let slot = 1; slot <= directory.specialCount; slot += 1) {
    const expected = specialHash(directory, slot);
    if (expected === undefined) continue;
    const content = contentOf(slot, blobs, code);
    if (content !== undefined && hashFor(directory, content).equals(expected)) continue;
    // A program with a list of its own may stand in a bundle, whose list then counts.
    if (OUTSIDE.has(slot))
      outside.push({ slot, algorithm: directory.digest, hash: expected.toString("hex") });
    else if (content === undefined)
      return { problem: `it covers a part that is gone: ${nameOf(slot)}`, outside };
    else return { problem: `a part was changed after it was signed: ${nameOf(slot)}`, outside };
  }
  return { problem: undefined, outside };
}

function contentOf(slot: number, blobs: readonly Blob[], code: SignedCode): Buffer | undefined {
  if (slot === SLOT.specific) return code.specific;
  if (slot === SLOT.informationList) return code.informationList;
  return blobs.find((blob) => blob.slot === slot)?.bytes;
}
