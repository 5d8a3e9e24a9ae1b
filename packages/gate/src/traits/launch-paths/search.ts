/** Collects the places of one member that programs are started from, each once. @module */

import { type Needle, needleOf, type Sighting } from "../../byte-search/needle.ts";
import { isInComment } from "../endpoints/comment.ts";
import { base64Middles } from "../endpoints/needles.ts";
import type { Piece, Search } from "../sweep.ts";
import { PLACES, type Place, placeOf, REGISTERING, WRITING } from "./places.ts";

export interface SeenPlace {
  readonly id: string;
  /** What stands around it, readable. */
  readonly text: string;
  readonly offsetBytes: number;
  /** How it is kept from being read; absent in the clear. */
  readonly hidden?: string;
  /** A script writes a file near it. */
  readonly isWritten?: true;
  /** Only comments speak of it. */
  readonly isComment?: true;
}

export interface PlacesSeen {
  /** By id, those in the clear first. */
  readonly places: readonly SeenPlace[];
  /** What registers programs, sorted. */
  readonly registering: readonly string[];
}

const REGISTER = "register";
/** Shorter texts leave too few letters of base64 to be telling. */
const LEAST_FOR_BASE64 = 8;

/** The name says how the place is written, and which one it is. */
export const needles: readonly Needle[] = [
  ...PLACES.flatMap((place) => place.texts.flatMap((text) => needlesOf(place, text))),
  ...REGISTERING.flatMap((text, index) => [
    needleOf(`${REGISTER}:${index}`, text, { keys: "none" }),
    needleOf(`${REGISTER}:${index}`, text, { width: 2, keys: "none" }),
  ]),
];

function needlesOf(place: Place, text: string): Needle[] {
  const name = (how: string): string => `${how}:${place.id}`;
  const isWindows = place.system === "Windows" || place.system === "browser";
  const spellings = new Set(isWindows ? [text, text.toLowerCase()] : [text]);
  const plain = [...spellings].flatMap((spelling) => [
    needleOf(name("1"), spelling),
    needleOf(name("2"), spelling, { width: 2 }),
    ...(spelling.includes("\\")
      ? [
          needleOf(name("1"), spelling.replaceAll("\\", "\\\\"), { keys: "none" }),
          needleOf(name("2"), spelling.replaceAll("\\", "\\\\"), { width: 2, keys: "none" }),
        ]
      : []),
  ]);
  if (text.length < LEAST_FOR_BASE64) return plain;
  const encoded = [Buffer.from(text, "latin1"), Buffer.from(text, "utf16le")].flatMap(base64Middles);
  return [...plain, ...encoded.map((middle) => needleOf(name("base64"), middle, { keys: "none" }))];
}

const NEAR_BYTES = 600;
const SHOWN_CHARACTERS = 96;

export class PlaceSearch implements Search {
  readonly #seen = new Map<string, SeenPlace>();
  readonly #registering = new Set<string>();

  see({ name, index, key }: Sighting, piece: Piece): void {
    const [how = "", id = ""] = name.split(":", 2);
    if (how === REGISTER) {
      this.#registering.add(REGISTERING[Number(id)] ?? "");
      return;
    }
    const hidden =
      how === "base64" ? "in base64" : key === 0 ? undefined : `under the XOR key 0x${key.toString(16)}`;
    const seenKey = `${hidden === undefined ? "" : how === "base64" ? "base64" : "xor"} ${id}`;
    const known = this.#seen.get(seenKey);
    // Nothing later could say more.
    if (known?.isWritten === true || (known !== undefined && hidden !== undefined)) return;
    const width = how === "2" ? 2 : 1;
    const text = readAround(piece.bytes, index, { width, key });
    // Under a key, what follows the end of a text is no letter that was meant.
    if (hidden === undefined && !isWhole(id, text)) return;
    const isComment = hidden === undefined && width === 1 && isInComment(piece.bytes, index);
    const isWritten = hidden === undefined && width === 1 && !isComment && isNearWriting(piece.bytes, index);
    if (known !== undefined && !isWritten && known.isComment !== true) return;
    this.#seen.set(seenKey, {
      id,
      text: text.shown,
      offsetBytes: piece.offsetBytes + index,
      ...(hidden === undefined ? {} : { hidden }),
      ...(isWritten ? { isWritten } : {}),
      ...(isComment ? { isComment } : {}),
    });
  }

  end(): PlacesSeen {
    const places = [...this.#seen].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, place]) => place);
    return { places, registering: [...this.#registering].toSorted() };
  }
}

interface Around {
  /** The string it stands in, as far as it is shown. */
  readonly shown: string;
  /** From the place on. */
  readonly rest: string;
}

function readAround(
  bytes: Buffer,
  index: number,
  { width, key }: { readonly width: 1 | 2; readonly key: number },
): Around {
  const codeAt = (at: number): number => (bytes[at] ?? 0) ^ key;
  const isReadable = (at: number): boolean =>
    at >= 0 &&
    at < bytes.length &&
    codeAt(at) >= 0x20 &&
    codeAt(at) < 0x7f &&
    (width === 1 || codeAt(at + 1) === 0);
  let start = index;
  while (index - start < (SHOWN_CHARACTERS / 2) * width && isReadable(start - width)) start -= width;
  let end = index;
  while (end - index < SHOWN_CHARACTERS * width && isReadable(end)) end += width;
  const read = (from: number): string => {
    let text = "";
    for (let at = from; at < end; at += width) text += String.fromCharCode(codeAt(at));
    return text;
  };
  return { shown: read(start).trim(), rest: read(index) };
}

/** `CurrentVersion\Run` begins other words as well. */
function isWhole(id: string, { rest }: Around): boolean {
  if (id !== "run-key") return placeOf.has(id);
  return !/run(?!once|services)[a-z]/i.test(rest.replace(/^.*?\\\\?(?=run)/i, "").slice(0, 12));
}

function isNearWriting(bytes: Buffer, index: number): boolean {
  const near = bytes.toString("latin1", Math.max(0, index - NEAR_BYTES), index + NEAR_BYTES);
  return WRITING.some((word) => near.includes(word));
}
