/** Whether two downloads come from one place, where a host is shared by many who publish there. @module */

/** As a path writes a version: `v1.2.3`, `2024-08`. */
const VERSION = /^v?\d+(?:[._-]\d+)*$/i;
/** Versions inside a name: `app-1.2.3-x64.zip`. */
const VERSIONS_INSIDE = /\d+(?:[._]\d+)*/g;
/** The parts of a path that say whose it is, as in `/owner/repository/…`: nothing in them may differ. */
const OWNER_PARTS = 2;

/**
 * True when both are https addresses of one host whose paths differ in nothing but versions: in whole parts anywhere, and
 * inside of parts behind those that name an owner.
 */
export function isSamePlace(a: string, b: string): boolean {
  if (!URL.canParse(a) || !URL.canParse(b)) return false;
  const [one, other] = [new URL(a), new URL(b)];
  if (one.protocol !== "https:" || other.protocol !== "https:" || one.host !== other.host) return false;
  const [parts, others] = [one, other].map(({ pathname }) => pathname.split("/").slice(1));
  if (parts === undefined || others === undefined || parts.length !== others.length) return false;
  return parts.every((part, index) => isSamePart(part, others[index] ?? "", index, parts.length));
}

function isSamePart(part: string, other: string, index: number, count: number): boolean {
  if (part === other) return true;
  if (VERSION.test(part) && VERSION.test(other)) return true;
  const namesOwner = index < OWNER_PARTS && index < count - 1;
  return !namesOwner && part.replace(VERSIONS_INSIDE, "#") === other.replace(VERSIONS_INSIDE, "#");
}
