/**
 * The tools that made an image's objects, as Microsoft's linkers have left them between the DOS stub and the PE mark
 * since 1998. Not documented by Microsoft; source: D. Pistelli, "Microsoft's Rich Signature (undocumented)", and
 * G. Webster et al., "Finding the Needle: A Study of the PE32 Rich Header", DIMVA 2017, §2.
 * @module
 */

import { type ByteSource, readExactly } from "@sallyport/core";
import type { PeHeaders } from "./headers.ts";

const STUB_START = 0x40;
const MAX_STUB_BYTES = 4096;
const END_MARK = 0x6863_6952;
const START_MARK = 0x536e_6144;

/** @returns `product.build` in hex, each once and sorted; empty when there is no such header */
export async function readRichTools(source: ByteSource, headers: PeHeaders): Promise<string[]> {
  const sizeBytes = Math.min(headers.peOffsetBytes - STUB_START, MAX_STUB_BYTES) & ~3;
  if (sizeBytes <= 8) return [];
  const stub = await readExactly(source, STUB_START, sizeBytes, "PE: DOS stub");
  const end = findWord(stub, END_MARK);
  if (end < 0 || end + 8 > stub.length) return [];
  const key = stub.readUInt32LE(end + 4);
  const tools = new Set<string>();
  // Three words of filling follow the start mark; then pairs of a tool and how often it was used, up to the end mark.
  for (let at = end - 8; at >= 0; at -= 8) {
    const tool = (stub.readUInt32LE(at) ^ key) >>> 0;
    if (tool === START_MARK) break;
    if (at >= 8 && (stub.readUInt32LE(at - 8) ^ key) >>> 0 === START_MARK) break;
    tools.add(`${(tool >>> 16).toString(16)}.${(tool & 0xffff).toString(16)}`);
  }
  return [...tools].sort();
}

function findWord(bytes: Buffer, word: number): number {
  for (let at = 0; at + 4 <= bytes.length; at += 4) if (bytes.readUInt32LE(at) === word) return at;
  return -1;
}
