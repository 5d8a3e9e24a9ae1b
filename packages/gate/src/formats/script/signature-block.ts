/**
 * Signature blocks that Windows keeps in comments at the end of scripts, and in an element of `.wsf` files.
 * Source: what Set-AuthenticodeSignature and signtool write; the same in jsign (`net.jsign.script`), relic
 * (`lib/authenticode/powershell.go`) and osslsigncode (`script.c`).
 *
 * A block is unsigned itself. So each of its lines must be base64 and nothing else, and nothing may follow it.
 * @module
 */

import type { ScriptText } from "./text.ts";

export interface BlockStyle {
  readonly begin: string;
  readonly end: string;
  /** Before and behind the base64 of each line. */
  readonly open: string;
  readonly close: string;
  /** What follows a block of this style is signed with the rest of the text. */
  readonly isInside?: true;
}

const COMMENT_BEGIN = "SIG # Begin signature block";
const COMMENT_END = "SIG # End signature block";

export const STYLES = {
  hash: { begin: `# ${COMMENT_BEGIN}`, end: `# ${COMMENT_END}`, open: "# ", close: "" },
  xml: { begin: `<!-- ${COMMENT_BEGIN} -->`, end: `<!-- ${COMMENT_END} -->`, open: "<!-- ", close: " -->" },
  c: { begin: `/* ${COMMENT_BEGIN} */`, end: `/* ${COMMENT_END} */`, open: "/* ", close: " */" },
  slash: {
    begin: "// SIG // Begin signature block",
    end: "// SIG // End signature block",
    open: "// SIG // ",
    close: "",
  },
  quote: {
    begin: "'' SIG '' Begin signature block",
    end: "'' SIG '' End signature block",
    open: "'' SIG '' ",
    close: "",
  },
  element: { begin: "<signature>", end: "</signature>", open: "** SIG ** ", close: "", isInside: true },
} as const satisfies Readonly<Record<string, BlockStyle>>;

export type StyleName = keyof typeof STYLES;

export interface SignatureBlock {
  /** Characters before the block, without the line end that belongs to it. */
  readonly start: number;
  /** Where the text goes on behind the block and its line end. */
  readonly end: number;
  /** Of the base64 lines together; undefined when the block is damaged. */
  readonly der: Buffer | undefined;
  /** Why it is damaged. */
  readonly problem: string | undefined;
}

/** Two are one too many already. Each costs the whole text in every encoding it may be in. */
const MAX_BLOCKS = 2;

/** All blocks of one style, in the order of the text. A mention of a block in the text is none. */
export function findBlocks({ characters }: ScriptText, style: BlockStyle): readonly SignatureBlock[] {
  const blocks: SignatureBlock[] = [];
  for (let from = 0; blocks.length < MAX_BLOCKS; ) {
    const at = characters.indexOf(style.begin, from);
    if (at < 0) return blocks;
    from = at + style.begin.length;
    const isLine = at === 0 || characters.charAt(at - 1) === "\n";
    const next = isLine ? afterLineEnd(characters, from) : undefined;
    if (next === undefined) continue;
    const block = readBlock(characters, { style, at, next }) ?? damagedBlock(characters, { style, at, next });
    if (block === undefined) continue;
    blocks.push(block);
    from = block.end;
  }
  return blocks;
}

interface Opening {
  readonly style: BlockStyle;
  /** Of the line that begins it, and of the line behind that. */
  readonly at: number;
  readonly next: number;
}

const BASE64 = /^[A-Za-z0-9+/]{1,128}={0,2}$/;

function readBlock(characters: string, { style, at, next }: Opening): SignatureBlock | undefined {
  const start = at - lineEndBefore(characters, at);
  const lines: string[] = [];
  for (let from = next; ; ) {
    const { text, end } = lineAt(characters, from);
    if (text === style.end) return { start, end, ...decode(lines) };
    const base64 = base64Of(text, style);
    if (base64 === undefined) {
      // Documentation and tools write the first line of a block without meaning one.
      if (lines.length === 0) return undefined;
      const problem =
        from >= characters.length ? "it ends before its last line" : "a line of it is no base64 in a comment";
      return { start, end: from, der: undefined, problem };
    }
    lines.push(base64);
    from = end;
  }
}

function base64Of(line: string, { open, close }: BlockStyle): string | undefined {
  if (!line.startsWith(open) || !line.endsWith(close)) return undefined;
  const base64 = line.slice(open.length, line.length - close.length);
  return BASE64.test(base64) ? base64 : undefined;
}

/** The last beginning, with the end of a block behind it, is no mention: its first line was damaged. */
function damagedBlock(characters: string, { style, at, next }: Opening): SignatureBlock | undefined {
  if (characters.indexOf(style.begin, next) >= 0) return undefined;
  const mark = characters.lastIndexOf(`\n${style.end}`);
  if (mark <= next) return undefined;
  const before = lineAt(characters, characters.lastIndexOf("\n", mark - 1) + 1);
  if (base64Of(before.text, style) === undefined) return undefined;
  const { end } = lineAt(characters, mark + 1);
  const start = at - lineEndBefore(characters, at);
  return { start, end, der: undefined, problem: "its first line is no base64 in a comment" };
}

/** Whether the last line of a block stands somewhere, with so many lines of it before. */
export function holdsBlockEnd(characters: string, style: BlockStyle, leastLines: number): boolean {
  const mark = characters.lastIndexOf(`\n${style.end}`);
  if (mark < 0 || afterLineEnd(characters, mark + 1 + style.end.length) === undefined) return false;
  let stop = mark;
  for (let count = 0; count < leastLines; count += 1) {
    const start = characters.lastIndexOf("\n", stop - 1);
    if (stop <= 0 || start < 0 || base64Of(lineAt(characters, start + 1).text, style) === undefined)
      return false;
    stop = start;
  }
  return true;
}

function decode(lines: readonly string[]): Pick<SignatureBlock, "der" | "problem"> {
  const base64 = lines.join("");
  const der = Buffer.from(base64, "base64");
  // Padding in the middle, or bits that mean nothing: what another decoder sees may differ.
  if (der.toString("base64") !== base64)
    return { der: undefined, problem: "its base64 is not as it is written" };
  return { der, problem: undefined };
}

interface Line {
  readonly text: string;
  /** Behind its line end. */
  readonly end: number;
}

/** Longer lines are no part of a block, and are not copied. */
const MAX_LINE = 256;

function lineAt(characters: string, from: number): Line {
  const feed = characters.indexOf("\n", from);
  const stop = feed < 0 ? characters.length : feed;
  const bare = feed > from && characters.charAt(feed - 1) === "\r" ? feed - 1 : stop;
  return {
    text: bare - from > MAX_LINE ? "" : characters.slice(from, bare),
    end: feed < 0 ? characters.length : feed + 1,
  };
}

/** Where the next line begins, when the line ends here. */
function afterLineEnd(characters: string, at: number): number | undefined {
  if (characters.startsWith("\r\n", at)) return at + 2;
  return characters.charAt(at) === "\n" ? at + 1 : undefined;
}

function lineEndBefore(characters: string, at: number): number {
  if (at === 0) return 0;
  return characters.startsWith("\r\n", at - 2) ? 2 : 1;
}
