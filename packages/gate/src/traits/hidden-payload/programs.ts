/**
 * Whether a program begins at a place: its mark alone stands in every tool that reads programs.
 * Sources: Microsoft, PE Format §COFF File Header, §Optional Header; System V gABI, ELF Header; Apple, mach-o/loader.h, fat.h.
 * @module
 */

export type ProgramKind = "Windows program" | "ELF program" | "Mach-O program" | "BPF program";

export interface Program {
  readonly kind: ProgramKind;
  /** Where it begins, from where it was looked. */
  readonly index: number;
}

/** As much as a header may take, in front of the mark and behind it. */
export const HEADER_BYTES = 4096;

const MACHINES: ReadonlySet<number> = new Set([0x14c, 0x8664, 0x1c0, 0x1c4, 0xaa64, 0x200, 0x5064, 0x6264]);

/**
 * A PE header, and the DOS header that points at it.
 * @param index - of `PE\0\0`
 * @returns the program from its DOS header on; from `PE\0\0` when that is missing
 */
export function readPe(bytes: Buffer, index: number): Program | undefined {
  if (index < 0 || index + 24 + 72 > bytes.length) return undefined;
  const sections = bytes.readUInt16LE(index + 6);
  const optionalBytes = bytes.readUInt16LE(index + 20);
  const magic = bytes.readUInt16LE(index + 24);
  const alignment = bytes.readUInt32LE(index + 24 + 32);
  const subsystem = bytes.readUInt16LE(index + 24 + 68);
  const isLikely =
    MACHINES.has(bytes.readUInt16LE(index + 4)) &&
    sections > 0 &&
    sections <= 96 &&
    optionalBytes >= 96 &&
    optionalBytes <= 1024 &&
    (magic === 0x10b || magic === 0x20b) &&
    alignment >= 0x10 &&
    (alignment & (alignment - 1)) === 0 &&
    subsystem <= 16;
  if (!isLikely) return undefined;
  for (let start = index - 4; start >= 0 && index - start <= HEADER_BYTES; start -= 1)
    if (
      bytes[start] === 0x4d &&
      bytes[start + 1] === 0x5a &&
      start + 64 <= bytes.length &&
      bytes.readUInt32LE(start + 0x3c) === index - start
    )
      return { kind: "Windows program", index: start };
  return { kind: "Windows program", index };
}

const EM_BPF = 247;

/** @param index - of the ELF mark */
export function readElf(bytes: Buffer, index: number): Program | undefined {
  if (index < 0 || index + 52 > bytes.length) return undefined;
  const is64 = bytes[index + 4] === 2;
  const isBig = bytes[index + 5] === 2;
  const half = (at: number): number =>
    isBig ? bytes.readUInt16BE(index + at) : bytes.readUInt16LE(index + at);
  if (index + (is64 ? 64 : 52) > bytes.length) return undefined;
  const isPadded = bytes.subarray(index + 9, index + 16).every((byte) => byte === 0);
  const [type, machine] = [half(16), half(18)];
  const version = isBig ? bytes[index + 23] : bytes[index + 20];
  const isLikely =
    isPadded &&
    type >= 1 &&
    type <= 4 &&
    machine > 0 &&
    machine < 0x200 &&
    version === 1 &&
    half(is64 ? 52 : 40) === (is64 ? 64 : 52);
  if (!isLikely) return undefined;
  return { kind: machine === EM_BPF ? "BPF program" : "ELF program", index };
}

/** @param index - of a Mach-O mark, little-endian, or that of a universal binary */
export function readMachO(bytes: Buffer, index: number): Program | undefined {
  if (index < 0 || index + 32 > bytes.length) return undefined;
  if (bytes.readUInt32BE(index) === 0xcafebabe) {
    const count = bytes.readUInt32BE(index + 4);
    const alignment = bytes.readUInt32BE(index + 24);
    const type = bytes.readUInt32BE(index + 8);
    const isKnown = type === 7 || type === 12 || type === 0x1000007 || type === 0x100000c;
    return count >= 1 && count <= 8 && isKnown && alignment <= 20
      ? { kind: "Mach-O program", index }
      : undefined;
  }
  const type = bytes.readUInt32LE(index + 12);
  const commands = bytes.readUInt32LE(index + 16);
  const commandBytes = bytes.readUInt32LE(index + 20);
  const isLikely =
    type >= 1 &&
    type <= 12 &&
    commands >= 1 &&
    commands <= 4096 &&
    commandBytes >= commands * 8 &&
    commandBytes < 1024 * 1024;
  return isLikely ? { kind: "Mach-O program", index } : undefined;
}
