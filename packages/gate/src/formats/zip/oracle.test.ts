/**
 * Compares our reader with `@zip.js/zip.js` at its strictest, over thousands of damaged and lying archives: what it
 * rejects must never pass silently here, and what both accept must be the same names and bytes.
 */

import { expect, it } from "vitest";
import { askOracle, draw, textOf } from "./oracle.fixture.ts";
import { buildZip, descriptor, field, type Part, readZip, wideField } from "./zip.fixture.ts";

const MUTATIONS_PER_ARCHIVE = 800;

const text = (words: string, times: number): Buffer => Buffer.from(words.repeat(times));
const first: Part = { name: "a.txt", bytes: text("first ", 20) };
const stored: Part = { name: "folder/b.bin", bytes: text("second one", 1), method: 0 };
const folder: Part = { name: "folder/", method: 0 };
const streamed = (name: string, bare: boolean): Part => {
  const bytes = text(name, 9);
  return { name, bytes, after: descriptor(bytes, { bare }) };
};
const unix: Part = { name: "ünï.txt", bytes: text("third", 3), madeBy: 3, attributes: 0x81a40000 };
const stamp = field(0x5455, Buffer.from([1, 1, 2, 3, 4]));

/** Named by what is special about them. */
const decent: Readonly<Record<string, Buffer>> = {
  "plain members": buildZip([first, folder, stored, unix]),
  "data descriptors and a comment": buildZip(
    [streamed("x", false), streamed("y", true), streamed("z", false)],
    {
      comment: Buffer.from("a comment"),
    },
  ),
  "extra fields": buildZip([
    { ...first, extra: stamp },
    { ...stored, extra: Buffer.concat([stamp, field(0x7875, Buffer.from([1, 0]))]) },
  ]),
  "a zip in the zip": buildZip([{ name: "inner.zip", bytes: buildZip([first, stored]), method: 0 }]),
  "wide sizes": wideArchive(),
  "no member": buildZip([]),
};

function wideArchive(): Buffer {
  const bytes = text("wide", 40);
  const size = 40;
  const archive = buildZip([
    { name: "w", bytes: bytes.subarray(0, size), method: 0, extra: wideField(size, size) },
  ]);
  for (const at of [18, archive.indexOf("PK\x01\x02", 0, "latin1") + 20])
    archive.writeBigUInt64LE(0xffffffffffffffffn, at);
  return archive;
}

function* mutate(archive: Buffer, seed: number): Generator<[string, Buffer]> {
  for (let at = 0; at < archive.length; at += 1) yield [`cut at ${at}`, archive.subarray(0, at)];
  for (let at = 0; at < archive.length; at += 1) {
    const flipped = Buffer.from(archive);
    flipped.writeUInt8(archive.readUInt8(at) ^ 0xff, at);
    yield [`flip at ${at}`, flipped];
  }
  const next = draw(seed);
  for (let count = 0; count < MUTATIONS_PER_ARCHIVE; count += 1) {
    const at = next(archive.length - 4);
    const [from, length] = [next(archive.length), next(70)];
    const changed = Buffer.from(archive);
    const kind = next(6);
    if (kind === 0) changed.writeUInt32LE([0, 1, 0xffffffff, 0x7fffffff, next(600)][next(5)] ?? 0, at);
    if (kind === 1) changed.writeUInt16LE([0, 1, 8, 0xffff, next(600)][next(5)] ?? 0, at);
    if (kind === 2) changed.writeUInt8(changed.readUInt8(at) ^ (1 << next(8)), at);
    if (kind === 3) changed.copy(changed, at, from, from + length);
    const parts = [archive.subarray(0, at), archive.subarray(from, from + length), archive.subarray(at)];
    const cut = [archive.subarray(0, at), archive.subarray(at + 1 + length)];
    yield [`change ${kind} at ${at}`, kind < 4 ? changed : Buffer.concat(kind === 4 ? parts : cut)];
  }
}

it.each(Object.entries(decent))("reads what the oracle reads: %s", async (_, archive) => {
  const { findings, codes, contents } = await readZip(archive);
  expect({ findings, codes: codes.size }).toEqual({ findings: [], codes: 0 });
  expect(textOf(contents)).toEqual(textOf((await askOracle(archive)) ?? new Map()));
});

it.each(Object.entries(decent))(
  "passes nothing that the oracle rejects: changes of %s",
  async (_, archive) => {
    let rejectedByBoth = 0;
    const silent: string[] = [];
    const different: string[] = [];
    for (const [label, changed] of mutate(archive, 7)) {
      const { findings, codes, contents } = await readZip(changed);
      const isRejected = findings.length > 0 || codes.size > 0;
      const told = await askOracle(changed);
      if (isRejected && told === undefined) rejectedByBoth += 1;
      if (isRejected) continue;
      if (told === undefined) silent.push(label);
      else if (textOf(told) !== textOf(contents)) different.push(label);
    }
    expect({ silent, different }).toEqual({ silent: [], different: [] });
    expect(rejectedByBoth).toBeGreaterThan(archive.length);
  },
);
