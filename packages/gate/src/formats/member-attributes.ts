/** What a container says about a member beside its name, in one shape for all formats. @module */

import type { MemberAttributes } from "../artifact.ts";
import type { Member } from "./format.ts";

/** stat(2): without the bits that say what kind of file it is. */
const PERMISSION_BITS = 0o7777;
/** The end of the year 9999. */
const LAST_SECOND = 253_402_300_799;

export interface ClaimedAttributes {
  /** stat(2), the kind of file included or not. */
  readonly mode?: number | undefined;
  /** Seconds since 1970, UTC. */
  readonly modifiedSeconds?: number | undefined;
  /** capabilities(7), as the container writes them. */
  readonly capabilities?: string | undefined;
}

/** Members may be spread over it: there is nothing in it when nothing is claimed. A time that is none is left out. */
export function attributesOf(claims: ClaimedAttributes): { readonly attributes?: MemberAttributes } {
  const { mode, modifiedSeconds, capabilities } = claims;
  const hasTime = modifiedSeconds !== undefined && modifiedSeconds >= 0 && modifiedSeconds <= LAST_SECOND;
  const attributes = {
    ...(mode === undefined ? {} : { unixMode: mode & PERMISSION_BITS }),
    ...(hasTime ? { modifiedAt: new Date(Math.floor(modifiedSeconds) * 1000).toISOString() } : {}),
    ...(capabilities ? { capabilities: capabilities.slice(0, 200) } : {}),
  };
  return Object.keys(attributes).length === 0 ? {} : { attributes };
}

const LONGEST_SHOWN_TARGET = 4096;

/**
 * A link as a member whose bytes are where it leads: what is put in a place by a link is put there like any file. It has no
 * rights of its own.
 */
export function linkMember(name: string, target: string, claims: ClaimedAttributes): Member {
  const { attributes } = attributesOf({ modifiedSeconds: claims.modifiedSeconds });
  const bytes = Buffer.from(target);
  return {
    name,
    claimedBytes: bytes.length,
    attributes: { ...attributes, linkTarget: target.slice(0, LONGEST_SHOWN_TARGET) },
    content: async function* () {
      if (bytes.length > 0) yield bytes;
    },
  };
}

/**
 * MS-DOS's date and time, as ZIP and cabinets have them: of no known time zone, taken for UTC.
 * @returns seconds since 1970; undefined for a date that is none
 */
export function dosSeconds(date: number, time: number): number | undefined {
  const [year, month, day] = [1980 + (date >> 9), (date >> 5) & 15, date & 31];
  const at = Date.UTC(year, month - 1, day, time >> 11, (time >> 5) & 63, (time & 31) * 2);
  return month < 1 || month > 12 || day < 1 || Number.isNaN(at) ? undefined : at / 1000;
}
