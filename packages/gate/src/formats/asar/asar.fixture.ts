/** Writes asar archives, honest or not. Source: @electron/asar README, "Format". @module */

import { createHash } from "node:crypto";
import type { JsonObject } from "@sallyport/core";

export interface AsarFile {
  readonly name: string;
  readonly content: Buffer;
  /** What the table says instead of the truth. */
  readonly says?: JsonObject;
}

/** @param files - all in one folder, in the order of their bytes */
export function writeAsar(files: readonly AsarFile[]): Buffer {
  let offset = 0;
  const table: Record<string, JsonObject> = {};
  for (const { name, content, says } of files) {
    table[name] = { ...entryOf(content, offset), ...says };
    offset += content.length;
  }
  return pack(JSON.stringify({ files: table }), Buffer.concat(files.map(({ content }) => content)));
}

export function entryOf(content: Buffer, offset: number): JsonObject {
  const hash = createHash("sha256").update(content).digest("hex");
  const integrity = { algorithm: "SHA256", hash, blockSize: 4_194_304, blocks: [hash] };
  return { size: content.length, offset: String(offset), integrity };
}

/** The two pickles around a text, and what follows them. */
export function pack(json: string, data: Buffer, padding = 0): Buffer {
  const text = Buffer.from(json);
  const filled = Buffer.alloc(Math.ceil(text.length / 4) * 4, padding);
  text.copy(filled);
  const prefix = Buffer.alloc(16);
  for (const [index, value] of [4, filled.length + 8, filled.length + 4, text.length].entries())
    prefix.writeUInt32LE(value, index * 4);
  return Buffer.concat([prefix, filled, data]);
}
