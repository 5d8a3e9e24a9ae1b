/** Judges the names of a tar's members and links, and remembers them. @module */

import { ArtifactError } from "@sallyport/core";
import type { Finding } from "../../finding.ts";
import {
  CASE_TWIN,
  judgeHardLinkTarget,
  judgeLinkTarget,
  judgeMemberName,
  type NameProblem,
  nameFinding,
} from "../../member-name.ts";
import type { OpenContext } from "../format.ts";
import type { Entry } from "./entry.ts";

/** Longer ones are reported for their length already. */
const LONGEST_WALKED_CHARACTERS = 4096;

/** What a name is judged by, of this archive and of others that are unpacked like it. */
export type NamedEntry = Pick<Entry, "name" | "plainNames" | "linkTarget" | "type">;

export class Names {
  readonly #context: OpenContext;
  readonly #files = new Set<string>();
  readonly #folded = new Map<string, string>();
  readonly #links = new Set<string>();
  #heldBytes = 0;

  constructor(context: OpenContext) {
    this.#context = context;
  }

  /** @throws {@link ArtifactError} `artifact.over-limit` when the names together need too much memory */
  judge(entry: NamedEntry): void {
    const name = withoutEnds(entry.name);
    const { unpackedOn } = this.#context;
    const problem = judgeMemberName(name, unpackedOn);
    if (problem) this.#reportName(entry.name, problem);
    else if (
      entry.plainNames.some(
        (plain) => plain !== entry.name && judgeMemberName(withoutEnds(plain), unpackedOn)?.escapes,
      )
    )
      this.#reportName(entry.name, { because: "climbs in its short form", escapes: true });
    if (this.#passesLink(name))
      this.#reportName(entry.name, { because: "leads through a link of the same archive", escapes: true });
    if (entry.type === "1" || entry.type === "2") this.#judgeLink(entry, name);
    if (!isFolder(entry)) this.#remember(entry, name);
  }

  #judgeLink(entry: NamedEntry, name: string): void {
    const problem =
      entry.type === "1"
        ? judgeHardLinkTarget(withoutEnds(entry.linkTarget), this.#context.unpackedOn)
        : judgeLinkTarget(name, entry.linkTarget, this.#context.unpackedOn);
    if (problem) this.#reportName(entry.name, problem);
    if (entry.type === "1" && this.#passesLink(withoutEnds(entry.linkTarget)))
      this.#reportName(entry.name, { because: "links through a link of the same archive", escapes: true });
    if (entry.type === "2") this.#links.add(name);
  }

  #remember(entry: NamedEntry, name: string): void {
    this.#heldBytes += 4 * name.length + 200;
    if (this.#heldBytes > this.#context.maxHeldBytes)
      throw new ArtifactError(
        "artifact.over-limit",
        `tar: the names need more than ${this.#context.maxHeldBytes} bytes at once`,
      );
    if (this.#files.has(name)) report(this.#context, "is there twice", entry.name);
    this.#files.add(name);
    const fold = name.normalize("NFC").toLowerCase();
    const twin = this.#folded.get(fold);
    if (twin !== undefined && twin !== name && this.#context.unpackedOn !== "unix")
      this.#reportName(entry.name, CASE_TWIN);
    this.#folded.set(fold, name);
  }

  /** Whoever unpacks a member below a link writes to where the link points. */
  #passesLink(name: string): boolean {
    if (this.#links.size === 0 || name.length > LONGEST_WALKED_CHARACTERS) return false;
    for (let at = name.indexOf("/"); at >= 0; at = name.indexOf("/", at + 1))
      if (this.#links.has(name.slice(0, at))) return true;
    return false;
  }

  #reportName(member: string, problem: NameProblem): void {
    this.#context.report(nameFinding(problem, member));
  }
}

/** A name with a slash at its end is a folder, since before there was a type for it. */
export const isFolder = ({ type, name }: NamedEntry): boolean =>
  type === "5" || type === "D" || (type === "0" && name.endsWith("/"));

export function report(
  context: OpenContext,
  because: string,
  member?: string,
  facts: Finding["facts"] = {},
): void {
  context.report({
    check: "structure",
    outcome: "fail",
    because,
    facts,
    ...(member !== undefined && { member }),
  });
}

/** `./a/b/` and `a/b` are the same place. */
const withoutEnds = (name: string): string => {
  let from = 0;
  while (name.startsWith("./", from) && from + 2 < name.length) from += 2;
  return name.slice(from).replace(/(?<=[^/])\/$/, "");
};
