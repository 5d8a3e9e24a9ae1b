/**
 * The names a library offers, kept as a tree of shared beginnings.
 * Source: Apple, mach-o/loader.h, `dyld_info_command`, "export information"; EXPORT_SYMBOL_FLAGS_*.
 * @module
 */

import type { Budget } from "@sallyport/core";
import { ByteReader } from "./numbers.ts";

export interface Export {
  readonly name: string;
  /** Another library answers: its ordinal, and the name there when it is another. */
  readonly forward?: { readonly library: number; readonly name: string };
  /** A function chooses at start what the name stands for. */
  readonly resolver?: number;
}

const RE_EXPORT = 0x08;
const RESOLVER = 0x10;
const MAX_NAME_LENGTH = 4096;
const MAX_EXPORTS = 400_000;
const MAX_NODES = 1_000_000;
const MAX_NAME_CHARACTERS = 32 * 1024 * 1024;
const CLOCK_STEPS = 4096;

/**
 * Every node is visited once, whatever points at it, so that a tree that turns back on itself ends.
 * @throws {@link ArtifactError} `artifact.over-limit` when the time is up
 */
export function readExports(bytes: Buffer, budget: Budget): readonly Export[] {
  const exports: Export[] = [];
  const visited = new Set<number>();
  const waiting: { at: number; name: string }[] = bytes.length === 0 ? [] : [{ at: 0, name: "" }];
  let characters = 0;
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (visited.size % CLOCK_STEPS === 0) budget.checkTime();
    if (visited.has(node.at) || node.at >= bytes.length) continue;
    visited.add(node.at);
    characters += node.name.length;
    if (visited.size > MAX_NODES || exports.length >= MAX_EXPORTS || characters > MAX_NAME_CHARACTERS) break;
    const reader = new ByteReader(bytes, node.at);
    const terminalBytes = reader.number();
    const start = reader.at;
    if (terminalBytes > 0) exports.push(readTerminal(reader, node.name));
    reader.at = start + terminalBytes;
    const children = reader.byte();
    for (let index = 0; index < children && !reader.isAtEnd; index += 1) {
      const name = node.name + reader.text();
      const at = reader.number();
      if (name.length <= MAX_NAME_LENGTH) waiting.push({ at, name });
    }
  }
  return exports;
}

function readTerminal(reader: ByteReader, name: string): Export {
  const flags = reader.number();
  const first = reader.number();
  if ((flags & RE_EXPORT) !== 0) return { name, forward: { library: first, name: reader.text() || name } };
  return (flags & RESOLVER) === 0 ? { name } : { name, resolver: reader.number() };
}
