/** Takes away what a source, or a part of it, said, and that it is to be fetched. @module */

import type { Surroundings } from "./ports.ts";
import { sourceNamed, triesOf, withSource } from "./source-work.ts";
import { wantedParts } from "./wanted-parts.ts";

/**
 * @param part - as it was named, or as `intel status` shows it; all parts when left out
 * @returns how many snapshots and choices were taken away
 * @throws UsageError `usage.value` when there is no such source
 */
export function forget(id: string, part: string | undefined, place: Surroundings): Promise<number> {
  const source = sourceNamed(id, place);
  return withSource(source, place, async () => {
    const isMeant = (one: string) => part === undefined || one === part;
    const before = await triesOf(place).of(source.id);
    const chosen = before.chosen.filter((one) => !isMeant(one));
    const named = before.chosen.filter(isMeant).flatMap((one) => wantedParts(source, [one]));
    const gone = new Set(named.map((wanted) => wanted.part));
    const parts = place.base.snapshots().filter((one) => one.source === source.id);
    const removed = parts
      .filter((one) => isMeant(one.part) || gone.has(one.part))
      .filter((one) => place.base.remove(source.id, one.part));
    const tries = Object.entries(before.parts).filter(([name]) => !isMeant(name) && !gone.has(name));
    await triesOf(place).remember(source.id, { chosen, parts: Object.fromEntries(tries) });
    return removed.length + before.chosen.length - chosen.length;
  });
}
