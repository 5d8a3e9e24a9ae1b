/** Writes cpio archives as decent or as dishonest as a test wants them. @module */

export type CpioKind = "newc" | "crc" | "odc" | "binary" | "binary-big" | "stripped";

export interface CpioPart {
  readonly name?: string;
  readonly mode?: number;
  readonly bytes?: Buffer | string;
  readonly sizeBytes?: number;
  readonly nameBytes?: number;
  readonly checksum?: number;
  /** In place of the zeros that fill up to a boundary. */
  readonly padding?: string;
  readonly fileIndex?: number;
}

const TRAILER: CpioPart = { name: "TRAILER!!!", mode: 0 };

/** @param options.trailer - false leaves the end mark out */
export function buildCpio(
  kind: CpioKind,
  parts: readonly CpioPart[],
  { trailer = true }: { trailer?: boolean } = {},
): Buffer {
  const whole = parts.map((part) => writePart(kind, part));
  // RPM ends its stripped archives with a plain header.
  if (trailer) whole.push(writePart(kind === "stripped" ? "newc" : kind, TRAILER));
  return Buffer.concat(whole);
}

function writePart(kind: CpioKind, part: CpioPart): Buffer {
  const { name = "a.txt", bytes = "", padding = "\0" } = part;
  const content = Buffer.from(bytes);
  const rawName = kind === "stripped" ? Buffer.alloc(0) : Buffer.from(`${name}\0`);
  const header = writeHeader(kind, part, { content, rawName });
  const alignment = kind === "odc" ? 1 : kind.startsWith("binary") ? 2 : 4;
  const filled = (piece: Buffer) =>
    Buffer.concat([piece, Buffer.alloc((alignment - (piece.length % alignment)) % alignment, padding)]);
  return Buffer.concat([filled(Buffer.concat([header, rawName])), filled(content)]);
}

function writeHeader(
  kind: CpioKind,
  part: CpioPart,
  { content, rawName }: { content: Buffer; rawName: Buffer },
): Buffer {
  const { mode = 0o100644, fileIndex = 0 } = part;
  const sizeBytes = part.sizeBytes ?? content.length;
  const nameBytes = part.nameBytes ?? rawName.length;
  const checksum = part.checksum ?? content.reduce((sum, byte) => (sum + byte) >>> 0, 0);
  const hex = (value: number) => value.toString(16).padStart(8, "0");
  const octal = (value: number, length: number) => value.toString(8).padStart(length, "0");
  if (kind === "stripped") return Buffer.from(`07070X${hex(fileIndex)}`);
  if (kind === "newc" || kind === "crc") {
    const fields = [1, mode, 0, 0, 1, 0, sizeBytes, 0, 0, 0, 0, nameBytes, kind === "crc" ? checksum : 0];
    return Buffer.from(`07070${kind === "crc" ? 2 : 1}${fields.map(hex).join("")}`);
  }
  if (kind === "odc") {
    const fields = [0, 1, mode, 0, 0, 1, 0].map((value) => octal(value, 6)).join("");
    return Buffer.from(`070707${fields}${octal(0, 11)}${octal(nameBytes, 6)}${octal(sizeBytes, 11)}`);
  }
  const words = [0o070707, 0, 1, mode, 0, 0, 1, 0, 0, 0, nameBytes, sizeBytes >>> 16, sizeBytes & 0xffff];
  const header = Buffer.alloc(26);
  for (const [at, word] of words.entries())
    if (kind === "binary") header.writeUInt16LE(word, 2 * at);
    else header.writeUInt16BE(word, 2 * at);
  return header;
}
