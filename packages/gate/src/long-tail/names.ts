/** Judges what an archive lists before anything is unpacked: names, links, sizes, the same name twice. @module */

import { ArtifactError } from "@sallyport/core";
import type { Finding } from "../finding.ts";
import type { OpenContext } from "../formats/format.ts";
import { judgeHardLinkTarget, judgeLinkTarget, judgeMemberName, type NameProblem } from "../member-name.ts";
import type { ListedEntry } from "./listing.ts";

const LONGEST_WALKED_CHARACTERS = 4096;

export interface NameRules {
  /** Windows and macOS unpack `a` and `A` to one file. Not for images of Unix's file systems. */
  readonly foldsCase: boolean;
  /** A disk image that nobody unpacks: its names stay inside it. */
  readonly mayRepeat?: boolean;
}

/** @throws {@link ArtifactError} `artifact.over-limit` when the list claims more bytes than may be unpacked */
export function judgeList(entries: readonly ListedEntry[], context: OpenContext, rules: NameRules): void {
  judgeSizes(entries, context);
  const files = new Map<string, string>();
  const links = new Set<string>();
  for (const entry of entries) {
    context.budget.checkTime();
    const fail = (problem: NameProblem | undefined): void => reportName(context, entry.name, problem);
    fail(judgeMemberName(withoutEnds(entry.name)));
    judgeLinks(entry, fail);
    if (links.size > 0 && passesLink(entry.name, links))
      fail({ because: "leads through a link of the same archive", escapes: true });
    if (entry.kind === "link") links.add(entry.name);
    if (entry.kind === "special")
      fail({ because: "is a device or pipe, which unpacking would create", escapes: false });
    if (entry.kind !== "folder") remember(entry.name, { files, context, rules });
  }
}

/** List first: what claims more than is left of the budget is not begun. */
function judgeSizes(entries: readonly ListedEntry[], { budget }: OpenContext): void {
  const allowed = budget.limits.bytes - budget.spent.bytes;
  let claimed = 0;
  for (const { sizeBytes, kind } of entries) if (kind === "file") claimed += sizeBytes ?? 0;
  if (claimed > allowed)
    throw new ArtifactError(
      "artifact.over-limit",
      `it lists ${claimed} bytes of files, more than may be unpacked`,
      {
        facts: { limit: "listed bytes", allowed },
      },
    );
}

function judgeLinks(entry: ListedEntry, fail: (problem: NameProblem | undefined) => void): void {
  if (entry.linkTarget !== undefined) fail(judgeLinkTarget(entry.name, entry.linkTarget));
  if (entry.hardLinkTarget !== undefined) fail(judgeHardLinkTarget(withoutEnds(entry.hardLinkTarget)));
}

function remember(
  name: string,
  { files, context, rules }: { files: Map<string, string>; context: OpenContext; rules: NameRules },
): void {
  const key = rules.foldsCase ? name.normalize("NFC").toLowerCase() : name;
  const twin = files.get(key);
  files.set(key, name);
  if (twin === undefined || rules.mayRepeat === true) return;
  if (twin === name)
    context.report({
      check: "structure",
      outcome: "fail",
      because: "is there twice",
      facts: {},
      member: name,
    });
  else
    reportName(context, name, {
      because: "differs from another member's only in case or spelling",
      escapes: false,
    });
}

export function reportName(context: OpenContext, member: string, problem: NameProblem | undefined): void {
  if (problem === undefined) return;
  const because = /^(?:links|is a device|leads|differs)/.test(problem.because)
    ? problem.because
    : `name ${problem.because}`;
  const finding: Finding = {
    check: "member-names",
    outcome: "fail",
    because,
    facts: { escapes: problem.escapes },
    member,
  };
  context.report(finding);
}

function passesLink(name: string, links: ReadonlySet<string>): boolean {
  if (name.length > LONGEST_WALKED_CHARACTERS) return false;
  for (let at = name.indexOf("/"); at >= 0; at = name.indexOf("/", at + 1))
    if (links.has(name.slice(0, at))) return true;
  return false;
}

/** `./a/` and `a` are one name. */
const withoutEnds = (name: string): string => name.replace(/^(?:\.\/)+(?=.)/, "").replace(/(?<=.)\/$/, "");
