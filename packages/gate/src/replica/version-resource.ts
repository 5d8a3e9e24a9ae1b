/** A resource section that holds version information only. Source: Microsoft, VERSIONINFO resource; PE Format, ".rsrc". @module */

/**
 * @param strings - by their keys: `CompanyName`, `FileVersion`
 * @param address - relative virtual address the section will have
 */
export function buildVersionResource(strings: Readonly<Record<string, string>>, address: number): Buffer {
  const tree = Buffer.alloc(3 * 24 + 16);
  // Three tables of one entry each: the type, a name, a language.
  for (const [level, id] of [VERSION_TYPE, 1, US_ENGLISH].entries()) {
    const at = level * 24;
    tree.writeUInt16LE(1, at + 14);
    tree.writeUInt32LE(id, at + 16);
    tree.writeUInt32LE((level < 2 ? 0x8000_0000 : 0) + at + 24, at + 20);
  }
  const info = buildVersionInfo(strings);
  tree.writeUInt32LE(address + tree.length, 72);
  tree.writeUInt32LE(info.length, 76);
  return Buffer.concat([tree, info]);
}

const VERSION_TYPE = 16;
const US_ENGLISH = 0x409;

function buildVersionInfo(strings: Readonly<Record<string, string>>): Buffer {
  const fixed = Buffer.alloc(52);
  fixed.writeUInt32LE(0xfeef04bd, 0);
  const entries = Object.entries(strings).map(([key, value]) =>
    writeBlock({ key, value: Buffer.from(`${value}\0`, "utf16le"), isText: true, children: [] }),
  );
  const table = writeBlock({ key: "040904b0", value: NOTHING, isText: true, children: entries });
  const info = writeBlock({ key: "StringFileInfo", value: NOTHING, isText: true, children: [table] });
  return writeBlock({ key: "VS_VERSION_INFO", value: fixed, isText: false, children: [info] });
}

const NOTHING = Buffer.alloc(0);

function writeBlock(block: {
  key: string;
  value: Buffer;
  isText: boolean;
  children: readonly Buffer[];
}): Buffer {
  const { isText, value } = block;
  const head = align(Buffer.concat([Buffer.alloc(6), Buffer.from(`${block.key}\0`, "utf16le")]));
  const body = Buffer.concat([head, align(value), ...block.children.map(align)]);
  body.writeUInt16LE(body.length, 0);
  body.writeUInt16LE(isText ? value.length / 2 : value.length, 2);
  body.writeUInt16LE(isText ? 1 : 0, 4);
  return body;
}

const align = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
