/**
 * Compares our reader with its oracle over archives that are built to lie, with up to two lies each. What is explained
 * here and rejected there is left out: known beginnings, and names like `a//b`, which every reader unpacks to one place.
 */

import { crc32, deflateRawSync } from "node:zlib";
import { expect, it } from "vitest";
import { askOracle, draw, textOf } from "./oracle.fixture.ts";
import { buildZip, descriptor, type Frame, field, type Part, readZip, wideField } from "./zip.fixture.ts";

const ARCHIVES = 3000;

const unicodePath = (raw: string | Buffer, name: string): Buffer => {
  const head = Buffer.alloc(5);
  head.writeUInt8(1, 0);
  head.writeUInt32LE(crc32(raw), 1);
  return field(0x7075, Buffer.concat([head, Buffer.from(name)]));
};

const text = Buffer.from("other words");

/** Each list holds what may stand in the place of an honest value. */
const lies: readonly ((part: Part) => readonly Partial<Part>[])[] = [
  () => ["x", "A.TXT", ""].map((localName) => ({ localName })),
  () => [0, 8, 1, 9, 12, 14, 93, 95, 99].map((method) => ({ method })),
  () => [0, 1, 6, 8, 0x10, 0x20, 0x40, 0x80, 0x800, 0x1000, 0x2000, 0x8000].map((flags) => ({ flags })),
  () => [0, 1, 0xffffffff].map((crc) => ({ crc })),
  () => [0, 1, 10, 1e6, 0xffffffff].map((sizeBytes) => ({ sizeBytes })),
  () => [0, 1, 0xffffffff].map((localSizeBytes) => ({ localSizeBytes })),
  ({ bytes = text }) =>
    [
      Buffer.alloc(0),
      Buffer.alloc(12),
      Buffer.alloc(16),
      descriptor(bytes),
      descriptor(bytes, { bare: true }),
      descriptor(bytes, { wide: true }),
      descriptor(text),
    ].map((after) => ({ after })),
  () => [0, 1, 30, 77, 0xffffffff].map((offset) => ({ offset })),
  () => [{ isUnlisted: true }, { isOnlyListed: true }],
  () =>
    ["a", "../x", "/x", "c:\\x", "a/", "a\0b", "é", "a\\b", "con", "a.", Buffer.from([0x61, 0xff])].map(
      (name) => ({ name }),
    ),
  () =>
    [0x10, 0x41ed0000, 0xa1ff0000, 0x81a40000, 0x61a40000, 0xffffffff].map((attributes) => ({
      attributes,
      madeBy: attributes % 5,
    })),
  ({ name, bytes = text }) =>
    [
      wideField(1, 2, 3),
      wideField(),
      wideField(bytes.length),
      field(1, Buffer.alloc(3)),
      field(0x7075, Buffer.alloc(2)),
      field(0x9901, Buffer.alloc(7)),
      unicodePath(name, "z"),
      unicodePath(name, String(name)),
      Buffer.alloc(7, 1),
      Buffer.concat([field(1, Buffer.alloc(8)), field(1, Buffer.alloc(8))]),
    ].map((extra) => ({ extra })),
  ({ name }) =>
    [wideField(1, 2), Buffer.alloc(2), unicodePath(name, "q")].map((localExtra) => ({ localExtra })),
  ({ bytes = text }) =>
    [
      Buffer.alloc(0),
      Buffer.from([3, 0]),
      deflateRawSync(Buffer.alloc(5000)),
      Buffer.concat([deflateRawSync(bytes), text]),
      bytes,
    ].map((packed) => ({ packed })),
];

const frames: readonly Frame[] = [
  {},
  {},
  {},
  { prefix: text },
  { prefix: text, isRelative: true },
  { comment: text },
  { comment: buildZip([]) },
  { count: 2 },
  { beforeDirectory: Buffer.from([7]) },
  { beforeDirectory: buildZip([{ name: "hidden", bytes: text }]) },
];

function* lyingArchives(): Generator<Buffer> {
  const next = draw(11);
  for (let count = 0; count < ARCHIVES; count += 1) {
    const parts: Part[] = [
      { name: "a.txt", bytes: Buffer.from("first ".repeat(10)) },
      { name: "d/b", bytes: Buffer.from("second"), method: 0 },
      { name: "d/c", bytes: Buffer.from("third third third") },
    ];
    for (let told = next(3); told > 0; told -= 1) {
      const at = next(parts.length);
      const honest = parts[at];
      const choices = honest === undefined ? [] : (lies[next(lies.length)]?.(honest) ?? []);
      if (honest !== undefined) parts[at] = { ...honest, ...choices[next(Math.max(1, choices.length))] };
    }
    yield buildZip(parts, frames[next(frames.length)]);
  }
}

it("passes no lie that the oracle rejects, and reads what both accept alike", async () => {
  const silent: string[] = [];
  let accepted = 0;
  let rejected = 0;
  for (const archive of lyingArchives()) {
    const { findings, codes, contents } = await readZip(archive);
    const told = await askOracle(archive);
    if (told === undefined) rejected += 1;
    if (findings.length > 0 || codes.size > 0) continue;
    if (told !== undefined && textOf(told) === textOf(contents)) accepted += 1;
    else silent.push(archive.toString("base64"));
  }
  expect(silent).toEqual([]);
  expect(rejected).toBeGreaterThan(ARCHIVES / 3);
  expect(accepted).toBeGreaterThan(ARCHIVES / 20);
});
