/**
 * Which of many words a long text can hold, by one pass over it: a word whose pieces of four characters are not all
 * there is not there. Source: R. M. Karp, M. O. Rabin, "Efficient randomized pattern-matching algorithms" (1987).
 * @module
 */

const GRAM = 4;
const SLOTS = 1 << 20;

/** In shorter texts a search costs less. */
const WORTH_CHARACTERS = 16 * 1024;

/** @returns asks whether a word stands in the text; each word is searched for once */
export function wordsOf(text: string): (word: string) => boolean {
  const known = new Map<string, boolean>();
  const slots = text.length < WORTH_CHARACTERS ? undefined : gramsOf(text);
  return (word) => {
    const answer = known.get(word) ?? ((slots === undefined || mayHold(slots, word)) && text.includes(word));
    known.set(word, answer);
    return answer;
  };
}

const slotOf = (gram: number): number => Math.imul(gram, 0x9e3779b1) >>> 12;

function gramsOf(text: string): Uint8Array {
  const slots = new Uint8Array(SLOTS);
  let gram = 0;
  for (let at = 0; at < text.length; at += 1) {
    gram = (gram << 8) | (text.charCodeAt(at) & 0xff);
    slots[slotOf(gram)] = 1;
  }
  return slots;
}

function mayHold(slots: Uint8Array, word: string): boolean {
  let gram = 0;
  for (let at = 0; at < word.length; at += 1) {
    gram = (gram << 8) | (word.charCodeAt(at) & 0xff);
    if (at >= GRAM - 1 && slots[slotOf(gram)] === 0) return false;
  }
  return true;
}
