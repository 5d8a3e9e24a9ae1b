/**
 * A first look at bytes that an executable carries: what their marks say they are. Marks as each format's document
 * gives them; the readers in `formats/` decide what is really opened.
 * @module
 */

/** First bytes, in hex, and what begins with them. The first that fits counts. */
const MARKS: readonly (readonly [string, string])[] = [
  ["504b0304", "zip"],
  ["504b0506", "zip"],
  ["7f454c46", "elf"],
  ["cffaedfe", "mach-o"],
  ["cefaedfe", "mach-o"],
  ["feedface", "mach-o"],
  ["feedfacf", "mach-o"],
  ["cafebabe", "mach-o-or-class"],
  ["377abcaf271c", "7z"],
  ["52617221", "rar"],
  ["4d534346", "cab"],
  ["68737173", "squashfs"],
  ["4d5357494d", "wim"],
  ["7a6c621a", "inno"],
  ["d0cf11e0a1b11ae1", "ole"],
  ["1f8b", "gzip"],
  ["28b52ffd", "zstd"],
  ["fd377a585a00", "xz"],
  ["425a68", "bzip2"],
  ["89504e470d0a1a0a", "png"],
  ["ffd8ff", "jpeg"],
  ["47494638", "gif"],
  ["424d", "bmp"],
  ["00000100", "ico"],
  ["49492a00", "tiff"],
  ["4d4d002a", "tiff"],
  ["25504446", "pdf"],
  ["52494646", "riff"],
  ["4f676753", "ogg"],
  ["494433", "mp3"],
  ["774f4646", "woff"],
  ["774f4632", "woff2"],
  ["00010000", "font"],
  ["4f54544f", "font"],
  ["54504630", "delphi-form"],
  ["cecaefbe", "dotnet-resources"],
];

const MIN_TEXT_BYTES = 4;

/** @param head - the first bytes, some hundred are enough; all of it when it is shorter */
export function looksLike(head: Buffer): string {
  if (head.length === 0) return "nothing";
  if (isProgram(head)) return "pe";
  const hex = head.toString("hex", 0, 16);
  // The installer's flags stand in front of its mark.
  if (hex.startsWith("efbeadde4e756c6c", 8)) return "nsis";
  const mark = MARKS.find(([begins]) => hex.startsWith(begins));
  if (mark !== undefined) return mark[1];
  if (head.every((byte) => byte === 0)) return "zeros";
  if (head.length >= MIN_TEXT_BYTES && isText(head)) return "text";
  return "data";
}

/** `MZ`, and where its header points the PE mark, or too little is at hand to tell. */
function isProgram(head: Buffer): boolean {
  if (head.length < 64 || head.readUInt16LE(0) !== 0x5a4d) return false;
  const offset = head.readUInt32LE(0x3c);
  return offset + 4 <= head.length ? head.readUInt32LE(offset) === 0x4550 : true;
}

/** One byte a character, or UTF-16 with or without its mark. */
function isText(head: Buffer): boolean {
  if (head.every(isPrintable)) return true;
  const start = head.length >= 2 && head.readUInt16LE(0) === 0xfeff ? 2 : 0;
  for (let at = start; at + 1 < head.length; at += 2)
    if (head[at + 1] !== 0 || !isPrintable(head[at] ?? 0)) return false;
  return head.length >= 2 * MIN_TEXT_BYTES;
}

/** UTF-8 beyond ASCII counts as well: it is told from noise by having no control characters in hundreds of bytes. */
const isPrintable = (byte: number): boolean => byte === 9 || byte === 10 || byte === 13 || byte >= 0x20;
