/**
 * Judges the names that archives give to their members and links, one rule for every format.
 * A name is only ever judged and shown; it never becomes a path on our disk.
 * Sources: APPNOTE 6.3.10 §4.4.17, POSIX pax, Microsoft "Naming Files, Paths, and Namespaces".
 * @module
 */

import type { Finding } from "./finding.ts";

export interface NameProblem {
  /** Completes "the name …" for a person. */
  readonly because: string;
  /** True when unpacking by this name would write outside the chosen folder. */
  readonly escapes: boolean;
}

/** Two members whose names one file system keeps apart and another does not. */
export const CASE_TWIN: NameProblem = {
  because: "differs from another member's only in case or spelling",
  escapes: false,
};

/** What a format reports of a member's name. */
export const nameFinding = ({ because, escapes }: NameProblem, member: string): Finding => ({
  check: "member-names",
  outcome: "fail",
  because: `name ${because}`,
  facts: { escapes },
  member,
});

const LONGEST_NAME_CHARACTERS = 4096;
const LONGEST_PART_CHARACTERS = 255;
const RESERVED = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])$/i;

/** Where something is unpacked: what a package manager of Unix installs never meets the rules of Windows. */
export type UnpackedOn = "unix" | "any";

/** @returns what is wrong with a member's name, the worst first; undefined for a decent one */
export function judgeMemberName(name: string, unpackedOn: UnpackedOn = "any"): NameProblem | undefined {
  const isForUnix = unpackedOn === "unix";
  if (name === "") return { because: "is empty", escapes: false };
  if ((isForUnix ? /^\// : /^[\\/]/).test(name)) return { because: "is absolute", escapes: true };
  if (!isForUnix && /^[a-z]:/i.test(name)) return { because: "names a drive", escapes: true };
  const parts = name.split(isForUnix ? "/" : /[\\/]/);
  if (parts.includes("..")) return { because: "climbs with ..", escapes: true };
  if (hasControl(name)) return { because: "has control or direction characters", escapes: false };
  if (!isForUnix && name.includes("\\"))
    return {
      because: "has a backslash, which some readers take for a separator",
      escapes: false,
    };
  if (name.length > LONGEST_NAME_CHARACTERS) return { because: "is too long", escapes: false };
  return isForUnix ? judgeLengths(parts) : (judgeLengths(parts) ?? judgeParts(parts));
}

/**
 * Judges a symbolic link. One to an absolute place writes nothing by itself, and packages of Unix systems are full of
 * them; a member that leads through it is what escapes.
 * @param memberName - the link's own name
 * @param target - what it points to, relative to the folder it lies in
 */
export function judgeLinkTarget(
  memberName: string,
  target: string,
  unpackedOn: UnpackedOn = "any",
): NameProblem | undefined {
  if (target === "") return { because: "links to nothing", escapes: false };
  // The root of a package is the root of the machine.
  if (unpackedOn === "unix" && target.startsWith("/")) return undefined;
  if (/^[\\/]/.test(target) || /^[a-z]:/i.test(target))
    return { because: "links to an absolute place", escapes: false };
  let depth = memberName.split(/[\\/]/).filter((part) => part !== "" && part !== ".").length - 1;
  for (const part of target.split(/[\\/]/)) {
    if (part === "..") depth -= 1;
    else if (part !== "" && part !== ".") depth += 1;
    if (depth < 0) return { because: "links out of the archive", escapes: true };
  }
  return hasControl(target)
    ? { because: "links to a name with control characters", escapes: false }
    : undefined;
}

/** Judges a hard link, which names another member from the archive's root and is made when it is unpacked. */
export function judgeHardLinkTarget(target: string, unpackedOn: UnpackedOn = "any"): NameProblem | undefined {
  const problem = judgeMemberName(target, unpackedOn);
  return problem && { ...problem, because: `links to a member whose name ${problem.because}` };
}

const judgeLengths = (parts: readonly string[]): NameProblem | undefined =>
  parts.some((part) => part.length > LONGEST_PART_CHARACTERS)
    ? { because: "has a part that is too long", escapes: false }
    : undefined;

/** What Windows would make of it. */
function judgeParts(parts: readonly string[]): NameProblem | undefined {
  for (const part of parts) {
    if (RESERVED.test((part.split(".", 1)[0] ?? "").trimEnd()))
      return { because: "is reserved for a device on Windows", escapes: false };
    if (part.includes(":")) return { because: "names an alternate data stream on Windows", escapes: false };
    if (part !== "." && /[. ]$/.test(part))
      return { because: "ends in a dot or space, which Windows drops", escapes: false };
  }
  return undefined;
}

/** C0, C1 and bidirectional controls: what is shown would not be what is written. */
function hasControl(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return true;
    if ((code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069)) return true;
  }
  return false;
}
