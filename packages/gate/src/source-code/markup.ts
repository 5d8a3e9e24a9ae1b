/**
 * The scripts of a page, as one text. Source: HTML Living Standard §13.2.5.4 (a script ends at the first `</script`).
 * @module
 */

import { placesOf } from "./code.ts";
import type { PlainText } from "./source-text.ts";

/** A data block is no script. */
const DATA =
  /\btype\s{0,4}=\s{0,4}["']?(?:application\/(?:ld\+)?json|text\/(?:template|x-)|importmap|speculationrules)/i;
const OPENS = /<script\b/gi;
const CLOSES = /<\/script/gi;
/** Attributes of one element, at most. */
const MOST_ATTRIBUTES = 4096;

export function scriptsOfMarkup(page: PlainText): PlainText {
  const { text, truncated } = page;
  const pieces: string[] = [];
  const places: number[] = [];
  const sources: number[] = [];
  let length = 0;
  OPENS.lastIndex = 0;
  for (let opens = OPENS.exec(text); opens !== null; opens = OPENS.exec(text)) {
    const start = text.indexOf(">", opens.index) + 1;
    if (start === 0) break;
    CLOSES.lastIndex = start;
    const end = CLOSES.exec(text)?.index ?? text.length;
    OPENS.lastIndex = end;
    if (DATA.test(text.slice(opens.index, Math.min(start, opens.index + MOST_ATTRIBUTES)))) continue;
    places.push(length);
    sources.push(start);
    pieces.push(`${text.slice(start, end)}\n`);
    length += end - start + 1;
  }
  const sourceIndex = placesOf(places, sources);
  return { text: pieces.join(""), truncated, offsetBytes: (index) => page.offsetBytes(sourceIndex(index)) };
}
