/** Whether two downloads come from one place, where a host is shared by many who publish there. @module */

/** As a part of a path writes a version: `v1.2.3`, `2024-08`, `v12`. A mere number is as often a file's, and anybody gets the next. */
const VERSION = /^(?:v\d+|v?\d+(?:[._-]\d+)+)$/i;
/** Versions inside a name, `app-1.2.3-x64.zip`; not the digits of a random name, `1a2b3c`. */
const VERSIONS_INSIDE = /(?<![a-z0-9])v?\d+(?:[._]\d+)*(?![a-z0-9])|(?<=[a-z])\d+(?:[._]\d+)+(?![a-z0-9])/gi;
/** The parts of a path that say whose it is, as in `/owner/repository/…`: nothing in them may differ. */
const OWNER_PARTS = 2;

/**
 * True when both are https addresses of one host whose paths differ in nothing but versions: in whole parts anywhere, and
 * inside of parts behind those that name an owner. What a question mark leads to can be anything, and is kept nowhere:
 * `/download?file=1`.
 */
export function isSamePlace(a: string, b: string): boolean {
  if (!URL.canParse(a) || !URL.canParse(b)) return false;
  const [one, other] = [new URL(a), new URL(b)];
  if ([one, other].some(({ protocol, search }) => protocol !== "https:" || search !== "")) return false;
  if (one.host !== other.host || one.username + other.username !== "") return false;
  const [parts, others] = [one, other].map(({ pathname }) => pathname.split("/").slice(1));
  if (parts === undefined || others === undefined || parts.length !== others.length) return false;
  return parts.every((part, index) => isSamePart(part, others[index] ?? "", index, parts.length));
}

function isSamePart(part: string, other: string, index: number, count: number): boolean {
  if (part === other) return true;
  if (VERSION.test(part) && VERSION.test(other)) return true;
  const namesOwner = index < OWNER_PARTS && index < count - 1;
  // A name that is nothing but a number is a file's: `/d/123/456`.
  const [plain, plainOther] = [part, other].map((text) => text.replace(VERSIONS_INSIDE, "#"));
  return !namesOwner && plain !== "#" && plain === plainOther;
}
