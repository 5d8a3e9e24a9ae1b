/** Judges the names in a directory, alone and against each other. Sources: APPNOTE 6.3.10 §4.4.17; JAR File Specification. @module */

import { CASE_TWIN, judgeMemberName, type NameProblem } from "../../member-name.ts";
import type { Entry } from "./directory.ts";

export interface NameListener {
  /** The same name again, after the first of it. */
  again(first: Entry, entry: Entry): void;
  /** One reader would see another content than the next. */
  lie(because: string, name: string): void;
  problem(problem: NameProblem, name: string): void;
}

/**
 * @param isReadInPlace - nobody unpacks it, so names that differ only in case stay apart
 */
export function judgeNames(entries: readonly Entry[], isReadInPlace: boolean, listener: NameListener): void {
  const names = new Map<string, Entry>();
  const folded = new Map<string, string>();
  for (const entry of entries) {
    const { name, lies } = entry;
    const bare = name.replace(/\/$/, "");
    const first = names.get(bare);
    if (first === undefined) names.set(bare, entry);
    else listener.again(first, entry);
    const fold = placeOf(bare);
    const twin = folded.get(fold);
    if (!isReadInPlace && twin !== undefined && twin !== bare) listener.problem(CASE_TWIN, name);
    folded.set(fold, bare);
    for (const because of lies) listener.lie(because, name);
    const problem = judgeMemberName(bare);
    if (problem) listener.problem(problem, name);
  }
}

/** Where unpacking puts it on a disk that does not tell case: an empty part or a dot leads nowhere. */
function placeOf(name: string): string {
  const parts = name.split("/").filter((part) => part !== "" && part !== ".");
  return parts.join("/").normalize("NFC").toLowerCase();
}
