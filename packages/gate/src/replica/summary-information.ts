/**
 * The summary of an installer: Windows Installer opens none without it.
 * Source: [MS-OLEPS] §2 (property sets); Windows Installer SDK, "Summary Information Stream Property Set".
 * @module
 */

import type { CompoundChild } from "./compound-file.ts";

export interface Summary {
  readonly title: string;
  readonly subject: string;
  readonly author: string;
  /** `x64;1033`. */
  readonly template: string;
  /** `{…}`, upper case: the package's own identifier. */
  readonly packageCode: string;
  /** Of a patch: its transforms, `:name;:#name`. */
  readonly lastAuthor?: string;
}

/** FMTID_SummaryInformation. */
const FORMAT = Buffer.from("e0859ff2f94f6810ab9108002b27b3d9", "hex");
const VT = { short: 2, long: 3, text: 30 } as const;
const UTF8_CODE_PAGE = -535;

/** Writes the stream `\5SummaryInformation`. */
export function writeSummary(summary: Summary): CompoundChild {
  const { title, subject, author, template, packageCode, lastAuthor } = summary;
  const properties: [number, Buffer][] = [
    [1, writeNumber(VT.short, UTF8_CODE_PAGE)],
    [2, writeText(title)],
    [3, writeText(subject)],
    [4, writeText(author)],
    [7, writeText(template)],
    ...(lastAuthor === undefined ? [] : [[8, writeText(lastAuthor)] satisfies [number, Buffer]]),
    [9, writeText(packageCode)],
    // The oldest Windows Installer that can open it: 2.0; 5.0 is not asked for anything here.
    [14, writeNumber(VT.long, 200)],
    // Long file names, compressed.
    [15, writeNumber(VT.long, 2)],
  ];
  const head = Buffer.alloc(8 + properties.length * 8);
  let offset = head.length;
  for (const [index, [id, value]] of properties.entries()) {
    head.writeUInt32LE(id, 8 + index * 8);
    head.writeUInt32LE(offset, 12 + index * 8);
    offset += value.length;
  }
  head.writeUInt32LE(offset, 0);
  head.writeUInt32LE(properties.length, 4);
  const header = Buffer.alloc(48);
  header.writeUInt16LE(0xfffe, 0);
  // Written by Windows, version 10.
  header.writeUInt32LE(0x0002000a, 4);
  header.writeUInt32LE(1, 24);
  FORMAT.copy(header, 28);
  header.writeUInt32LE(header.length, 44);
  const content = Buffer.concat([header, head, ...properties.map(([, value]) => value)]);
  return { name: "\u0005SummaryInformation", content };
}

function writeNumber(type: number, value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(type, 0);
  if (type === VT.short) bytes.writeInt16LE(value, 4);
  else bytes.writeInt32LE(value, 4);
  return bytes;
}

/** With its terminator, filled up to four bytes. */
function writeText(text: string): Buffer {
  const bytes = Buffer.from(`${text}\0`, "utf8");
  const value = Buffer.alloc(8 + Math.ceil(bytes.length / 4) * 4);
  value.writeUInt32LE(VT.text, 0);
  value.writeUInt32LE(bytes.length, 4);
  bytes.copy(value, 8);
  return value;
}
