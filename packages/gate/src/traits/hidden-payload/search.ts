/** Finds programs inside a member, in the clear and where they are kept from being read. @module */

import { type Needle, needleOf, type Sighting } from "../../byte-search/needle.ts";
import type { Piece, Search } from "../sweep.ts";
import { HEADER_BYTES, type Program, readElf, readMachO, readPe } from "./programs.ts";

/** How a program is written. */
export type ProgramWriting = "plain" | "xor" | "reversed" | "base64" | "hex";

export interface CarriedProgram {
  readonly kind: Program["kind"];
  readonly writing: ProgramWriting;
  readonly offsetBytes: number;
  readonly key?: number;
  /** First bytes as they stand in the member. */
  readonly hex: string;
}

export interface ProgramsSeen {
  /** In the order of the file, the first 64. */
  readonly programs: readonly CarriedProgram[];
  readonly count: number;
  /** There were more marks than are looked at. */
  readonly isFlooded?: true;
}

const MOST_KEPT = 64;
const MOST_MARKS = 10_000;

const MARKS: readonly (readonly [string, string])[] = [
  ["pe", "504500006486"],
  ["pe", "504500004c01"],
  ["pe", "5045000064aa"],
  ["pe", "50450000c401"],
  ["elf", "7f454c46020101"],
  ["elf", "7f454c46010101"],
  ["elf", "7f454c46020201"],
  ["elf", "7f454c46010201"],
  ["mach-o", "cffaedfe07000001"],
  ["mach-o", "cffaedfe0c000001"],
  ["mach-o", "cefaedfe07000000"],
  ["mach-o", "cafebabe00000001"],
  ["mach-o", "cafebabe00000002"],
  ["mach-o", "cafebabe00000003"],
];

/** How files begin, for what encodes whole files; a DOS header in the forms that linkers write. */
const BEGINNINGS = [
  "4d5a90000300000004000000ffff",
  "4d5a50000200000004000f00ffff",
  "4d5a78000100000004000000",
  "4d5a80000100000004001000ffff",
  "4d5a00000000000000000000",
  "7f454c46020101",
  "7f454c46010101",
  "cffaedfe07000001",
  "cffaedfe0c000001",
];

/** The name says how the program is written and what its mark is. */
export const needles: readonly Needle[] = [
  ...MARKS.flatMap(([name, hex]) => {
    const bytes = Buffer.from(hex, "hex");
    return [
      { name: `forwards:${name}`, bytes, keys: "any" as const },
      { name: `backwards:${name}`, bytes: Buffer.from(bytes).reverse(), keys: "any" as const },
    ];
  }),
  ...BEGINNINGS.flatMap((hex) => {
    const bytes = Buffer.from(hex, "hex");
    const base64 = bytes.toString("base64").slice(0, Math.floor((bytes.length * 8) / 6));
    const digits = bytes.toString("hex");
    return [
      needleOf("base64:", base64, { keys: "none" }),
      needleOf("hex:", digits, { keys: "none" }),
      needleOf("hex:", digits.toUpperCase(), { keys: "none" }),
    ];
  }),
];

export class ProgramSearch implements Search {
  readonly #programs: CarriedProgram[] = [];
  #count = 0;
  #marks = 0;

  see({ name, index, key }: Sighting, { bytes, offsetBytes }: Piece): void {
    this.#marks += 1;
    if (this.#marks > MOST_MARKS) return;
    const [how = "", mark = ""] = name.split(":", 2);
    const found =
      how === "forwards" || how === "backwards"
        ? readMarked(bytes, { index, key, mark, isReversed: how === "backwards" })
        : readEncoded(bytes, index, how === "hex" ? "hex" : "base64");
    // The member itself begins so.
    if (found === undefined || (offsetBytes + found.index === 0 && found.writing === "plain")) return;
    this.#count += 1;
    if (this.#programs.length >= MOST_KEPT) return;
    const { kind, writing } = found;
    this.#programs.push({
      kind,
      writing,
      offsetBytes: offsetBytes + found.index,
      ...(key === 0 ? {} : { key }),
      hex: bytes.toString("hex", found.index, found.index + 32),
    });
  }

  end(): ProgramsSeen {
    const isFlooded = this.#marks > MOST_MARKS;
    return { programs: this.#programs, count: this.#count, ...(isFlooded ? { isFlooded } : {}) };
  }
}

interface Found extends Program {
  readonly writing: ProgramWriting;
}

interface Mark {
  readonly index: number;
  readonly key: number;
  readonly mark: string;
  readonly isReversed: boolean;
}

const MARK_BYTES = 8;

function readMarked(bytes: Buffer, { index, key, mark, isReversed }: Mark): Found | undefined {
  const start = Math.max(0, index - HEADER_BYTES);
  const around = Buffer.from(bytes.subarray(start, index + HEADER_BYTES + MARK_BYTES));
  if (key !== 0) for (let at = 0; at < around.length; at += 1) around[at] = (around[at] ?? 0) ^ key;
  if (isReversed) around.reverse();
  const at = isReversed ? markBefore(around, mark, around.length - (index - start)) : index - start;
  const program = at < 0 ? undefined : readProgram(around, at, mark);
  if (program === undefined) return undefined;
  const place = isReversed ? start + around.length - 1 - program.index : start + program.index;
  return { ...program, index: place, writing: isReversed ? "reversed" : key === 0 ? "plain" : "xor" };
}

/** Marks of one name may differ in length; turned around, they end where they were found. */
function markBefore(around: Buffer, mark: string, end: number): number {
  const places = MARKS.filter(([name]) => name === mark).map(([, hex]) => {
    const bytes = Buffer.from(hex, "hex");
    const at = end - bytes.length;
    return at >= 0 && around.subarray(at, end).equals(bytes) ? at : -1;
  });
  return Math.max(-1, ...places);
}

function readProgram(bytes: Buffer, index: number, mark: string): Program | undefined {
  if (mark === "pe") return readPe(bytes, index);
  return mark === "elf" ? readElf(bytes, index) : readMachO(bytes, index);
}

/** Letters of a whole file that begins here. */
function readEncoded(bytes: Buffer, index: number, writing: "base64" | "hex"): Found | undefined {
  // Lines may be folded.
  const letters = bytes.toString("latin1", index, index + 3 * HEADER_BYTES).replace(/(?:\\r)?\\n|\s/g, "");
  const decoded = Buffer.from(letters, writing);
  const program = begin(decoded);
  return program?.index === 0 ? { kind: program.kind, index, writing } : undefined;
}

function begin(decoded: Buffer): Program | undefined {
  if (decoded.length >= 64 && decoded.readUInt16LE(0) === 0x5a4d)
    return readPe(decoded, decoded.readUInt32LE(0x3c));
  if (decoded[0] === 0x7f) return readElf(decoded, 0);
  return readMachO(decoded, 0);
}
