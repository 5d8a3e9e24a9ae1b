/** Judges what an archive lists before anything is unpacked: names, links, sizes, the same name twice. @module */

import { ArtifactError } from "@sallyport/core";
import type { OpenContext } from "../formats/format.ts";
import { judgeHardLinkTarget, judgeLinkTarget, judgeMemberName, type NameProblem } from "../member-name.ts";
import type { ListedEntry } from "./listing.ts";

const LONGEST_WALKED_CHARACTERS = 4096;

export interface NameRules {
  /**
   * An `archive` is unpacked by its names, on any system. A `file-system` is mounted or written to a disk as it is:
   * its links may lead anywhere, and its names suit its own system. `partitions` may share a name.
   */
  readonly holds: "archive" | "file-system" | "partitions";
}

/** @throws {@link ArtifactError} `artifact.over-limit` when the list claims more bytes than may be unpacked */
export function judgeList(entries: readonly ListedEntry[], context: OpenContext, { holds }: NameRules): void {
  judgeSizes(entries, context);
  const names = new Names(context, holds);
  for (const entry of entries) {
    context.budget.checkTime();
    names.judge(entry);
  }
}

class Names {
  readonly #context: OpenContext;
  readonly #holds: NameRules["holds"];
  readonly #files = new Map<string, string>();
  readonly #links = new Set<string>();

  constructor(context: OpenContext, holds: NameRules["holds"]) {
    this.#context = context;
    this.#holds = holds;
  }

  get #isUnpacked(): boolean {
    return this.#holds === "archive";
  }

  judge(entry: ListedEntry): void {
    const problem = judgeMemberName(withoutEnds(withoutStream(entry)));
    if (problem !== undefined && (this.#isUnpacked || problem.escapes || /control/.test(problem.because)))
      this.#report(entry.name, { ...problem, because: `name ${problem.because}` });
    if (this.#isUnpacked) this.#judgeAsArchive(entry);
    if (entry.kind !== "folder" && this.#holds !== "partitions") this.#remember(entry.name);
  }

  #judgeAsArchive(entry: ListedEntry): void {
    const { name, linkTarget, hardLinkTarget } = entry;
    if (linkTarget !== undefined) this.#report(name, judgeLinkTarget(name, linkTarget));
    if (hardLinkTarget !== undefined) this.#report(name, judgeHardLinkTarget(withoutEnds(hardLinkTarget)));
    if (this.#links.size > 0 && passesLink(name, this.#links))
      this.#report(name, { because: "leads through a link of the same archive", escapes: true });
    if (entry.kind === "link") this.#links.add(name);
    if (entry.properties.get("Anti") === "+")
      this.#report(name, { because: "is an order to delete that file", escapes: false });
    if (entry.kind === "special")
      this.#report(name, { because: "is a device or pipe, which unpacking would create", escapes: false });
  }

  #remember(name: string): void {
    const key = this.#isUnpacked ? name.normalize("NFC").toLowerCase() : name;
    const twin = this.#files.get(key);
    this.#files.set(key, name);
    if (twin === name)
      this.#context.report({
        check: "structure",
        outcome: "fail",
        because: "is there twice",
        facts: {},
        member: name,
      });
    else if (twin !== undefined)
      this.#report(name, {
        because: "differs from another member's only in case or spelling",
        escapes: false,
      });
  }

  #report(member: string, problem: NameProblem | undefined): void {
    if (problem !== undefined) reportName(this.#context, member, problem);
  }
}

/** List first: what claims more than is left of the budget is not begun. */
function judgeSizes(entries: readonly ListedEntry[], { budget }: OpenContext): void {
  const allowed = budget.limits.bytes - budget.spent.bytes;
  let claimed = 0;
  for (const { sizeBytes, hasContent } of entries) if (hasContent) claimed += sizeBytes ?? 0;
  if (claimed > allowed)
    throw new ArtifactError(
      "artifact.over-limit",
      `it lists ${claimed} bytes of files, more than may be unpacked`,
      {
        facts: { limit: "listed bytes", allowed },
      },
    );
}

export function reportName(context: OpenContext, member: string, problem: NameProblem): void {
  const { because, escapes } = problem;
  context.report({ check: "member-names", outcome: "fail", because, facts: { escapes }, member });
}

function passesLink(name: string, links: ReadonlySet<string>): boolean {
  if (name.length > LONGEST_WALKED_CHARACTERS) return false;
  for (let at = name.indexOf("/"); at >= 0; at = name.indexOf("/", at + 1))
    if (links.has(name.slice(0, at))) return true;
  return false;
}

/** `./a/` and `a` are one name. */
const withoutEnds = (name: string): string => name.replace(/^(?:\.\/)+(?=.)/, "").replace(/(?<=.)\/$/, "");

/** `a.txt:Zone.Identifier`, as 7-Zip names what NTFS keeps beside a file. */
const withoutStream = ({ name, properties }: ListedEntry): string =>
  properties.get("Alternate Stream") === "+" ? name.slice(0, name.lastIndexOf(":")) : name;
