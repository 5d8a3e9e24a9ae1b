/**
 * The log as static files that anybody can mirror. Source: https://c2sp.org/tlog-tiles
 *
 *     tile/<L>/<N>[.p/<W>]        256 hashes of level 8·L, or W of them at the right edge
 *     tile/entries/<N>[.p/<W>]    the entries, each with its length in two bytes, big-endian
 *
 * Tiles are derived from the sequencer's rows and can be made again at any time.
 * @module
 */

import { rmSync } from "node:fs";
import { join } from "node:path";
import { replaceFile } from "./files.ts";
import type { NodeReader } from "./merkle.ts";

export const TILE_WIDTH = 256;
const TILE_HEIGHT = 8;

/** `1234067` → `x001/x234/067`, so that no folder grows large. */
export function tileIndexPath(index: number): string {
  const groups = [String(index % 1000).padStart(3, "0")];
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000))
    groups.unshift(`x${String(rest % 1000).padStart(3, "0")}`);
  return groups.join("/");
}

/** @param width - hashes or entries in the tile, 1 to 256 */
export function tilePath(level: number | "entries", index: number, width: number): string {
  const partial = width < TILE_WIDTH ? `.p/${width}` : "";
  return `tile/${level}/${tileIndexPath(index)}${partial}`;
}

export interface TileSource {
  readonly read: NodeReader;
  /** Entries from `start` to before `end`. */
  readonly entries: (start: number, end: number) => readonly Uint8Array[];
}

/** Writes every tile that differs between a log of `oldSize` entries and the log of `size`. */
export function writeTiles(folder: string, oldSize: number, size: number, source: TileSource): void {
  eachChangedTile(oldSize, size, (index, start, end) => {
    writeTile(folder, { level: "entries", index, width: end - start }, bundle(source.entries(start, end)));
  });
  for (let level = 0, scale = 1; size >= scale; level += 1, scale *= TILE_WIDTH) {
    eachChangedTile(Math.floor(oldSize / scale), Math.floor(size / scale), (index, start, end) => {
      const hashes: Uint8Array[] = [];
      for (let at = start; at < end; at += 1) hashes.push(source.read(level * TILE_HEIGHT, at));
      writeTile(folder, { level, index, width: end - start }, Buffer.concat(hashes));
    });
  }
}

function eachChangedTile(
  oldCount: number,
  count: number,
  visit: (index: number, start: number, end: number) => void,
): void {
  if (oldCount === count) return;
  for (let index = Math.floor(oldCount / TILE_WIDTH); index * TILE_WIDTH < count; index += 1)
    visit(index, index * TILE_WIDTH, Math.min(count, (index + 1) * TILE_WIDTH));
}

function writeTile(
  folder: string,
  tile: { level: number | "entries"; index: number; width: number },
  content: Uint8Array,
): void {
  const path = join(folder, tilePath(tile.level, tile.index, tile.width));
  replaceFile(path, content);
  // c2sp.org/tlog-tiles: partial tiles may go once the full one is there.
  if (tile.width === TILE_WIDTH) rmSync(`${path}.p`, { recursive: true, force: true });
}

function bundle(entries: readonly Uint8Array[]): Buffer {
  return Buffer.concat(
    entries.flatMap((entry) => {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(entry.length);
      return [length, entry];
    }),
  );
}

/** @returns the entries of a bundle, or undefined when it is cut short or longer than its entries */
export function readBundle(bytes: Uint8Array): Buffer[] | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries: Buffer[] = [];
  let offset = 0;
  while (offset < buffer.length) {
    if (offset + 2 > buffer.length || entries.length === TILE_WIDTH) return undefined;
    const end = offset + 2 + buffer.readUInt16BE(offset);
    if (end > buffer.length) return undefined;
    entries.push(buffer.subarray(offset + 2, end));
    offset = end;
  }
  return entries;
}
