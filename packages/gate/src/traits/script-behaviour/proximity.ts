/** How close together things stand. @module */

export interface Closest {
  readonly spanCharacters: number;
  readonly signs: readonly { readonly id: string; readonly index: number }[];
}

interface Place {
  readonly index: number;
  readonly id: string;
  /** Which of the needs it meets. */
  readonly need: number;
}

/**
 * The shortest piece that holds a sign of each need. One pass over all places, in order.
 * @param places - of each sign, ascending
 * @returns undefined when a need is not met at all
 */
export function closest(
  needs: readonly (readonly string[])[],
  places: ReadonlyMap<string, readonly number[]>,
): Closest | undefined {
  const all: Place[] = needs
    .flatMap((ids, need) => ids.flatMap((id) => (places.get(id) ?? []).map((index) => ({ index, id, need }))))
    .sort((a, b) => a.index - b.index);
  const last: (Place | undefined)[] = needs.map(() => undefined);
  let best: { span: number; signs: readonly Place[] } | undefined;
  for (const place of all) {
    last[place.need] = place;
    const met = last.filter((one) => one !== undefined);
    if (met.length < needs.length) continue;
    const span = place.index - Math.min(...met.map(({ index }) => index));
    if (best === undefined || span < best.span) best = { span, signs: met };
  }
  if (best === undefined) return undefined;
  return { spanCharacters: best.span, signs: best.signs.map(({ id, index }) => ({ id, index })) };
}
