/** Small files in which a behaviour shows, or only seems to. They hold names and nothing that runs. @module */

export interface BehaviourFile {
  readonly path: string;
  readonly format: string;
  readonly bytes: Buffer;
}

export interface BehaviourSample {
  /** Each must show the behaviour. */
  readonly shows: readonly BehaviourFile[];
  /** Ordinary files that resemble it and must not. */
  readonly lacks: readonly BehaviourFile[];
}

interface NativeParts {
  readonly form: "program" | "library";
  /** Strings of one byte to a character, each ended by a zero. */
  readonly names?: readonly string[];
  /** Strings of two bytes to a character. */
  readonly wide?: readonly string[];
  /** Hex. */
  readonly code?: string;
  /** Of a PE file; default for x64. */
  readonly isForArm?: boolean;
}

/** The header of a PE file for x64 and no sections. Source: PE Format §COFF File Header. */
export function windowsFile(parts: NativeParts): BehaviourFile {
  const header = Buffer.alloc(512);
  header.write("MZ", 0, "latin1");
  header.writeUInt32LE(128, 60);
  header.write("PE\0\0", 128, "latin1");
  header.writeUInt16LE(parts.isForArm === true ? 0xaa64 : 0x8664, 128 + 4);
  header.writeUInt16LE(parts.form === "library" ? 0x2022 : 0x22, 128 + 22);
  return native(parts.form === "library" ? "app.dll" : "app.exe", "pe", header, parts);
}

/** The header of a 64-bit ELF file, with the interpreter that a program names. Source: elf(5). */
export function linuxFile(parts: NativeParts): BehaviourFile {
  const header = Buffer.alloc(256);
  header.write("\x7fELF\x02\x01\x01", 0, "latin1");
  header.writeUInt16LE(3, 16);
  header.writeUInt16LE(62, 18);
  header.writeUInt32LE(64, 32);
  header.writeUInt16LE(56, 54);
  header.writeUInt16LE(1, 56);
  header.writeUInt32LE(parts.form === "program" ? 3 : 1, 64);
  return native(parts.form === "library" ? "libapp.so" : "app", "elf", header, parts);
}

/** The header of a 64-bit Mach-O file. Source: `mach-o/loader.h`. */
export function macFile(parts: NativeParts): BehaviourFile {
  const header = Buffer.alloc(256);
  header.writeUInt32LE(0xfeedfacf, 0);
  header.writeUInt32LE(0x100_0007, 4);
  header.writeUInt32LE(parts.form === "library" ? 6 : 2, 12);
  return native(parts.form === "library" ? "libapp.dylib" : "App", "mach-o", header, parts);
}

export const scriptFile = (path: string, text: string): BehaviourFile => ({
  path,
  format: "data",
  bytes: Buffer.from(text),
});

/** @param hex - all of its bytes */
export const dataFile = (path: string, hex: string): BehaviourFile => ({
  path,
  format: "data",
  bytes: Buffer.from(hex, "hex"),
});

function native(
  path: string,
  format: string,
  header: Buffer,
  { names = [], wide = [], code = "" }: NativeParts,
): BehaviourFile {
  const strings = names.map((name) => Buffer.from(`${name}\0`, "latin1"));
  const wideStrings = wide.map((text) => Buffer.from(`${text}\0`, "utf16le"));
  const gap = Buffer.alloc(16);
  const bytes = Buffer.concat([header, ...strings, gap, ...wideStrings, gap, Buffer.from(code, "hex"), gap]);
  return { path, format, bytes };
}
