/**
 * Strings of a script, which name variables and folders by codes in between.
 * Source: NSIS 3.08, Source/exehead/fileform.h (`NS_*_CODE`) and util.c (`GetNSISString`); NSIS 2.46 for the older codes.
 * @module
 */

interface Codes {
  readonly language: number;
  readonly folder: number;
  readonly variable: number;
  readonly skip: number;
}

const CODES_3: Codes = { language: 1, folder: 2, variable: 3, skip: 4 };
const CODES_2: Codes = { language: 255, folder: 254, variable: 253, skip: 252 };
/** A fork that had Unicode before NSIS 3. */
const CODES_FORK: Codes = { language: 0xe003, folder: 0xe002, variable: 0xe001, skip: 0xe000 };

const VARIABLES: readonly string[] = [
  ...Array.from({ length: 10 }, (_, index) => `$${index}`),
  ...Array.from({ length: 10 }, (_, index) => `$R${index}`),
  ..."CMDLINE INSTDIR OUTDIR EXEDIR LANGUAGE TEMP PLUGINSDIR EXEPATH EXEFILE HWNDPARENT _CLICK _OUTDIR"
    .split(" ")
    .map((name) => `$${name}`),
];
export const OUT_FOLDER_VARIABLES: readonly string[] = ["$OUTDIR", "$_OUTDIR"];

/** CSIDL_*, as scripts call them. */
const FOLDERS: ReadonlyMap<number, string> = new Map([
  [0x00, "$DESKTOP"],
  [0x02, "$SMPROGRAMS"],
  [0x05, "$DOCUMENTS"],
  [0x07, "$SMSTARTUP"],
  [0x0b, "$STARTMENU"],
  [0x14, "$FONTS"],
  [0x1a, "$APPDATA"],
  [0x1c, "$LOCALAPPDATA"],
  [0x23, "$APPDATA"],
  [0x24, "$WINDIR"],
  [0x25, "$SYSDIR"],
  [0x26, "$PROGRAMFILES"],
  [0x2b, "$COMMONFILES"],
]);

/** Only paths are read here. */
const LONGEST_CHARACTERS = 1024;
/** Over all strings: scripts have some hundred thousand, and a hostile one may name the same long string for ever. */
const MOST_CHARACTERS = 16 * 1024 * 1024;

export class Strings {
  readonly #bytes: Buffer;
  readonly #isWide: boolean;
  readonly #codes: Codes;
  #leftCharacters = MOST_CHARACTERS;

  /** @param bytes - the table; its first string is empty */
  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#isWide = bytes.length >= 2 && bytes.readUInt16LE(0) === 0;
    this.#codes = this.#detectCodes();
  }

  /** @param place - in characters; @returns an empty string for a place outside of the table, and once too much was read */
  at(place: number): string {
    let text = "";
    for (let at = place; text.length < LONGEST_CHARACTERS && this.#leftCharacters > 0; at += 1) {
      this.#leftCharacters -= 1;
      const code = this.#character(at);
      if (code === 0) break;
      const { skip, variable, folder, language } = this.#codes;
      if (code !== skip && code !== variable && code !== folder && code !== language) {
        text += String.fromCharCode(code);
        continue;
      }
      const [value, taken] = this.#argument(at + 1);
      at += taken;
      if (code === skip) text += String.fromCharCode(this.#character(at - taken + 1));
      else if (code === variable) text += VARIABLES[value] ?? `$_${value}_`;
      else if (code === folder) text += this.#folder(at - taken + 1);
      else text += `$(LSTR_${value})`;
      if (code === skip) at = at - taken + 1;
    }
    return text;
  }

  /** Two bytes, or one character, of which each half lost its high bit. */
  #argument(at: number): [number, number] {
    if (!this.#isWide) return [(this.#character(at) & 0x7f) | ((this.#character(at + 1) & 0x7f) << 7), 2];
    const word = this.#character(at);
    return this.#codes === CODES_FORK ? [word & 0x7fff, 1] : [(word & 0x7f) | (((word >> 8) & 0x7f) << 7), 1];
  }

  #folder(at: number): string {
    const first = this.#isWide ? this.#character(at) & 0xff : this.#character(at);
    // The high bit tells a value of the registry: where programs or their common files are.
    if ((first & 0x80) !== 0) return "$PROGRAMFILES";
    return FOLDERS.get(first) ?? `$FOLDER_${first}`;
  }

  #character(at: number): number {
    const offset = this.#isWide ? at * 2 : at;
    if (at < 0 || offset + (this.#isWide ? 2 : 1) > this.#bytes.length) return 0;
    return this.#isWide ? this.#bytes.readUInt16LE(offset) : this.#bytes.readUInt8(offset);
  }

  /** The table is full of one kind of code. */
  #detectCodes(): Codes {
    let newer = 0;
    let older = 0;
    const step = this.#isWide ? 2 : 1;
    for (let at = 0; at + step <= this.#bytes.length; at += step) {
      const code = this.#isWide ? this.#bytes.readUInt16LE(at) : this.#bytes.readUInt8(at);
      if (code >= 1 && code <= 4) newer += 1;
      else if (this.#isWide ? code >= 0xe000 && code <= 0xe003 : code >= 252) older += 1;
    }
    if (newer >= older) return CODES_3;
    return this.#isWide ? CODES_FORK : CODES_2;
  }
}
