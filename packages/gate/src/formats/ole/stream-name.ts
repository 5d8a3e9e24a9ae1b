/**
 * Names of streams in an installer database: two characters of a 64-letter alphabet in one UTF-16 unit, so that
 * longer names fit the 31 units of a directory entry.
 * Source: Wine, `dlls/msi/table.c` (encode_streamname, decode_streamname); Microsoft does not document it.
 * @module
 */

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._";
/** Marks a stream that holds a table. */
const TABLE_MARK = 0x4840;

/** As it is shown: `!File` for the table of that name, `[5]SummaryInformation` for a name with a control character. */
export function decodeStreamName(name: string): string {
  let text = "";
  for (let at = 0; at < name.length; at += 1) {
    const unit = name.charCodeAt(at);
    if (unit === TABLE_MARK && at === 0) text += "!";
    else if (unit >= 0x3800 && unit < 0x4800) {
      text += ALPHABET.charAt((unit - 0x3800) & 0x3f) + ALPHABET.charAt((unit - 0x3800) >> 6);
    } else if (unit >= 0x4800 && unit < 0x4840) text += ALPHABET.charAt(unit - 0x4800);
    // [MS-CFB] §2.6.1 lets names begin with a control character; Windows marks its own streams so.
    else if (unit < 0x20 && at === 0) text += `[${unit}]`;
    else text += name.charAt(at);
  }
  return text;
}

/** The way back, for a table when `isTable`. */
export function encodeStreamName(text: string, isTable: boolean): string {
  let name = isTable ? String.fromCharCode(TABLE_MARK) : "";
  for (let at = 0; at < text.length; at += 1) {
    const first = ALPHABET.indexOf(text.charAt(at));
    if (first < 0) {
      name += text.charAt(at);
      continue;
    }
    const second = at + 1 < text.length ? ALPHABET.indexOf(text.charAt(at + 1)) : -1;
    name += String.fromCharCode(second < 0 ? 0x4800 + first : 0x3800 + first + second * 64);
    if (second >= 0) at += 1;
  }
  return name;
}
