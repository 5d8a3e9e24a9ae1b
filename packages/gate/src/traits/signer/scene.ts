/** What happened to the signatures of all files together, by which that of one is judged. @module */

import type { CompareContext, Pair, Portrait, Release } from "../trait.ts";
import { type Change, changesOf } from "./change.ts";
import { intactSigners, tellingSigners } from "./signer.ts";

export interface Scene {
  /** Companies whose signatures were in the old release. */
  readonly known: ReadonlySet<string>;
  /** Companies that signed something anew as they did before, in the same name from the same authority. */
  readonly kept: ReadonlySet<string>;
  /** Companies whose signatures are in the new release. */
  readonly left: ReadonlySet<string>;
  /** The artifact itself was signed by this company and now is by another: key of the old one to that of the new one. */
  readonly handedOver: ReadonlyMap<string, string>;
}

/** Asked once; linear in the pairs. */
export function sceneOf({ before, after, pairs }: CompareContext): Scene {
  const [known, left] = [signersIn(before), signersIn(after)];
  const kept = new Set<string>();
  const handedOver = new Map<string, string>();
  for (const pair of pairs) noteChange(pair, kept, handedOver);
  return { known, kept, left, handedOver };
}

const signersIn = ({ members }: Release): ReadonlySet<string> =>
  new Set(members.flatMap(({ member }) => [...intactSigners(member).keys()]));

/** The artifact's own hash is not known here: it always counts as changed. */
export const isUnchanged = (before: Portrait, after: Portrait): boolean =>
  before.member.path !== "" && before.member.sha256 === after.member.sha256;

function noteChange({ before, after }: Pair, kept: Set<string>, handedOver: Map<string, string>): void {
  if (before === undefined || after === undefined || isUnchanged(before, after)) return;
  const changes = changesOf(before.member, after.member);
  const moved = new Set(changes.flatMap(movedKeys));
  const [was, now] = tellingSigners(before.member, after.member);
  for (const key of was.keys()) if (now.has(key) && !moved.has(key)) kept.add(key);
  if (after.member.path !== "") return;
  for (const change of changes) if (change.kind === "company") handedOver.set(change.from.key, change.to.key);
}

const movedKeys = (change: Change): readonly string[] =>
  change.kind === "company" || change.kind === "authority" || change.kind === "place"
    ? [change.from.key]
    : [];
