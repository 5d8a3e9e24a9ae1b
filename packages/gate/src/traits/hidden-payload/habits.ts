/**
 * What members of a release carry anyway: a game that encrypts its pictures encrypts the new ones as well.
 * @module
 */

import { observed, type Release, type Trait } from "../trait.ts";
import type { Carried } from "./observe.ts";

/** Habits of a release, as {@link habitsOf} names them. */
export type Habits = ReadonlySet<string>;

const drawn = new WeakMap<Release, Habits>();

/** Asked for every pair, drawn once for each release. */
export function releaseHabits(release: Release, trait: Pick<Trait<Carried>, "id">): Habits {
  const known = drawn.get(release);
  if (known !== undefined) return known;
  const habits = new Set<string>();
  for (const member of release.members)
    for (const habit of habitsOf(observed(member, trait) ?? {})) habits.add(habit);
  drawn.set(release, habits);
  return habits;
}

const PROGRAMS: ReadonlySet<string> = new Set(["pe", "elf", "mach-o", "mach-o-or-class"]);

/** What one member does that could be a habit. Scripts and programs under a false name never are. */
export function* habitsOf({ misnamed, trailing, media }: Carried): Generator<string> {
  if (misnamed !== undefined && misnamed.isScript !== true && !PROGRAMS.has(misnamed.looksLike))
    yield `misnamed ${misnamed.looksLike}`;
  if (trailing !== undefined && !PROGRAMS.has(trailing.looksLike))
    yield `trailing ${media ?? ""} ${trailing.looksLike} ${trailing.isBase64 === true}`;
}
