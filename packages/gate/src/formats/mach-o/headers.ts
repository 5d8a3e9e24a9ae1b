/**
 * The header and load commands of one Mach-O file or slice, as the file claims them. Offsets are from the start of the
 * slice. Source: Apple, mach-o/loader.h.
 * @module
 */

import { ArtifactError, type ByteSource, readExactly } from "@sallyport/core";
import { WordReader } from "../word-reader.ts";
import type { Processor } from "./processors.ts";

export interface MachHeaders {
  readonly words: WordReader;
  readonly processor: Processor;
  /** MH_*: 1 object, 2 executable, 6 dylib, 8 bundle, 10 debug companion. */
  readonly fileType: number;
  /** Of the header and all load commands. */
  readonly endBytes: number;
  readonly commands: readonly LoadCommand[];
  /** What `sizeofcmds` counts beyond the last command. */
  readonly slack: { readonly offsetBytes: number; readonly bytes: Buffer };
}

export interface LoadCommand {
  /** LC_*, with LC_REQ_DYLD where the loader must know it. */
  readonly type: number;
  /** The whole command, type and size included. At least 8 bytes. */
  readonly bytes: Buffer;
}

/** Several times what the largest real ones, kernel collections, have. */
const MAX_COMMANDS_BYTES = 4 * 1024 * 1024;
const MAX_COMMANDS = 16_384;
const MIN_COMMAND_BYTES = 8;

/** The magic number, as its four bytes stand in the file. */
const MARKS: ReadonlyMap<number, WordReader> = new Map([
  [0xfeedface, new WordReader({ littleEndian: false, wide: false })],
  [0xcefaedfe, new WordReader({ littleEndian: true, wide: false })],
  [0xfeedfacf, new WordReader({ littleEndian: false, wide: true })],
  [0xcffaedfe, new WordReader({ littleEndian: true, wide: true })],
]);

/** @returns how to read the rest; undefined when this is no thin Mach-O file */
export const readMark = (head: Buffer): WordReader | undefined =>
  head.length < 4 ? undefined : MARKS.get(head.readUInt32BE(0));

/**
 * Reads the header and splits the load commands.
 * @throws {@link ArtifactError} `artifact.malformed` when they contradict themselves, `artifact.truncated` when the
 * file ends inside them, `artifact.over-limit` when there are more than may be held
 */
export async function readMachHeaders(source: ByteSource): Promise<MachHeaders> {
  const head = await readExactly(source, 0, 28, "Mach-O: header");
  const words = readMark(head);
  if (words === undefined) throw malformed("it does not begin with a Mach-O mark");
  const headerBytes = words.wide ? 32 : 28;
  const sizeBytes = words.word(head, 20);
  const count = words.word(head, 16);
  if (count * MIN_COMMAND_BYTES > sizeBytes)
    throw malformed(`${count} load commands do not fit into ${sizeBytes} bytes`);
  if (sizeBytes > MAX_COMMANDS_BYTES || count > MAX_COMMANDS)
    throw new ArtifactError("artifact.over-limit", "Mach-O: more load commands than may be held");
  const table = await readExactly(source, headerBytes, sizeBytes, "Mach-O: load commands");
  const { commands, usedBytes } = splitCommands(words, table, count);
  return {
    words,
    processor: { type: words.word(head, 4), subtype: words.word(head, 8) },
    fileType: words.word(head, 12),
    endBytes: headerBytes + sizeBytes,
    commands,
    slack: { offsetBytes: headerBytes + usedBytes, bytes: table.subarray(usedBytes) },
  };
}

function splitCommands(
  words: WordReader,
  table: Buffer,
  count: number,
): { commands: LoadCommand[]; usedBytes: number } {
  const commands: LoadCommand[] = [];
  let at = 0;
  for (let index = 0; index < count; index += 1) {
    const sizeBytes = at + MIN_COMMAND_BYTES > table.length ? 0 : words.word(table, at + 4);
    if (sizeBytes < MIN_COMMAND_BYTES || sizeBytes % 4 !== 0 || at + sizeBytes > table.length)
      throw malformed(`load command ${index} has an impossible size`);
    commands.push({ type: words.word(table, at), bytes: table.subarray(at, at + sizeBytes) });
    at += sizeBytes;
  }
  return { commands, usedBytes: at };
}

/** For commands whose fixed part does not fit into the size they claim, and the like. */
export const malformed = (what: string): ArtifactError =>
  new ArtifactError("artifact.malformed", `Mach-O: ${what}`);
