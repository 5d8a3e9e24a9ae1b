/** Adds a resource to a program. Source: Microsoft, PE Format, ".rsrc". The old ones stay where they are. @module */

import { addSection, FLAGS, layoutOf, offsetOf } from "./pe.ts";

type Key = number | string;

interface Leaf {
  readonly path: readonly Key[];
  /** Data entry: address, size, code page, reserved. */
  readonly entry: Buffer;
}

/** @param type - 10 is RCDATA, 24 a manifest */
export function addResource(signed: Buffer, path: readonly [Key, Key, Key], data: Buffer): Buffer {
  const directory = layoutOf(signed).directories + 2 * 8;
  const old = signed.readUInt32LE(directory);
  const leaves = old === 0 ? [] : leavesOf(signed, offsetOf(signed, old));
  const { image, address } = addSection(signed, ".rsrc2", FLAGS.readOnly, (base) => {
    const entry = Buffer.alloc(16);
    const whole = [...leaves.filter((leaf) => leaf.path.join() !== path.join()), { path, entry }];
    const tree = writeTree(whole);
    entry.writeUInt32LE(base + tree.length, 0);
    entry.writeUInt32LE(data.length, 4);
    return Buffer.concat([writeTree(whole), data]);
  });
  image.writeUInt32LE(address, directory);
  image.writeUInt32LE(layoutOf(image).sections.at(-1)?.virtualBytes ?? 0, directory + 4);
  return image;
}

function leavesOf(image: Buffer, root: number, at = root, path: readonly Key[] = []): Leaf[] {
  if (path.length > 2) throw new Error("the resources nest too deep");
  const count = image.readUInt16LE(at + 12) + image.readUInt16LE(at + 14);
  return Array.from({ length: count }, (_, index) => at + 16 + index * 8).flatMap((row): Leaf[] => {
    const name = image.readUInt32LE(row);
    const key = name >>> 31 === 0 ? name : nameAt(image, root + (name & 0x7fff_ffff));
    const target = image.readUInt32LE(row + 4);
    const place = root + (target & 0x7fff_ffff);
    if (target >>> 31 === 1) return leavesOf(image, root, place, [...path, key]);
    return [{ path: [...path, key], entry: Buffer.from(image.subarray(place, place + 16)) }];
  });
}

function nameAt(image: Buffer, at: number): string {
  return image.toString("utf16le", at + 2, at + 2 + image.readUInt16LE(at) * 2);
}

/** Tables of three levels, names, then data entries. */
function writeTree(leaves: readonly Leaf[]): Buffer {
  const tables: { at: number; path: readonly Key[]; keys: readonly Key[] }[] = [];
  let end = 0;
  for (let level = 0; level < 3; level += 1)
    for (const path of unique(leaves.map((leaf) => leaf.path.slice(0, level)))) {
      const keys = unique(
        leaves.filter((leaf) => startsWith(leaf.path, path)).map((leaf) => [leaf.path[level] ?? 0]),
      )
        .flat()
        .toSorted(byKind);
      tables.push({ at: end, path, keys });
      end += 16 + keys.length * 8;
    }
  const strings = unique(
    leaves.flatMap((leaf) => leaf.path.filter((key) => typeof key === "string").map((key) => [key])),
  );
  const names = new Map<Key, { at: number; bytes: Buffer }>();
  for (const [key = ""] of strings) {
    const length = Buffer.alloc(2);
    length.writeUInt16LE(String(key).length);
    const bytes = Buffer.concat([length, Buffer.from(String(key), "utf16le")]);
    names.set(key, { at: end, bytes });
    end += bytes.length;
  }
  const entriesAt = Math.ceil(end / 4) * 4;
  const file = Buffer.alloc(entriesAt + leaves.length * 16);
  for (const { at, bytes } of names.values()) bytes.copy(file, at);
  for (const [index, { entry }] of leaves.entries()) entry.copy(file, entriesAt + index * 16);
  for (const { at, path, keys } of tables) {
    const named = keys.filter((key) => typeof key === "string").length;
    file.writeUInt16LE(named, at + 12);
    file.writeUInt16LE(keys.length - named, at + 14);
    for (const [index, key] of keys.entries()) {
      const name = typeof key === "number" ? key : (0x8000_0000 | (names.get(key)?.at ?? 0)) >>> 0;
      const child = tables.find((table) => table.path.join("\0") === [...path, key].join("\0"));
      const leaf = leaves.findIndex((one) => one.path.join("\0") === [...path, key].join("\0"));
      const target = path.length < 2 ? (0x8000_0000 | (child?.at ?? 0)) >>> 0 : entriesAt + leaf * 16;
      file.writeUInt32LE(name, at + 16 + index * 8);
      file.writeUInt32LE(target, at + 20 + index * 8);
    }
  }
  return file;
}

const startsWith = (path: readonly Key[], start: readonly Key[]): boolean =>
  start.every((key, index) => path[index] === key);

/** Names come before numbers, each in its order. */
function byKind(left: Key, right: Key): number {
  if (typeof left !== typeof right) return typeof left === "string" ? -1 : 1;
  return left < right ? -1 : 1;
}

function unique(paths: readonly (readonly Key[])[]): readonly (readonly Key[])[] {
  return [
    ...new Map(paths.map((path) => [path.map((key) => `${typeof key} ${key}`).join("\0"), path])).values(),
  ];
}
