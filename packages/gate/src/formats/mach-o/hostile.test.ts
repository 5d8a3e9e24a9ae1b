import { Budget, DEFAULT_LIMITS } from "@sallyport/core";
import { describe, expect, it } from "vitest";
import { WIDTHS } from "../word.fixture.ts";
import { ALIGNMENT_BYTES, ARM64, buildFat, buildMachO, PROPERTY_LIST } from "./mach-o.fixture.ts";
import {
  apple,
  changed,
  intel,
  LITTLE,
  lie,
  open,
  recognise,
  sequence,
  survives,
  whole,
} from "./reading.fixture.ts";

/** Places in {@link whole}. */
const FIELD = {
  ncmds: 16,
  sizeofcmds: 20,
  firstSize: 36,
  nsects: 32 + 64,
  text: 32 + 48,
  linkedit: 184 + 40,
  uuid: 184 + 72 + 24 + 48,
} as const;

describe("hostile Mach-O files", () => {
  it.each([
    [
      "segments that share bytes",
      changed((copy) => copy.writeUInt32LE(2049, FIELD.text)),
      "share the same bytes",
    ],
    [
      "bytes behind the load commands",
      buildMachO({ ...LITTLE, commandsFilling: Buffer.from("hide") }),
      "last load",
    ],
    [
      "bytes in the signature's padding",
      buildMachO({ ...LITTLE, signatureFilling: Buffer.alloc(20_000, "hide") }),
      "behind the code signature",
    ],
    ["two code signatures", changed((copy) => copy.writeUInt32LE(0x1d, FIELD.uuid)), "two code signatures"],
    [
      "a signature larger than its place",
      changed((copy) => copy.writeUInt32BE(0x1000, copy.length - 12)),
      "larger than its place",
    ],
  ])("reports %s", async (_, bytes, because) => {
    expect((await open(bytes)).findings).toContainEqual(lie(because));
  });

  it("says that a file with a segment past the end is cut short", async () => {
    const bytes = changed((copy) => copy.writeUInt32LE(0x10_0000, FIELD.linkedit + 8));
    expect((await open(bytes)).findings).toContainEqual(
      expect.objectContaining({
        check: "opened",
        outcome: "unknown",
        because: expect.stringContaining("past the end"),
      }),
    );
  });

  it("reports bytes behind the signature though the last segment claims them", async () => {
    const grown = changed((copy) => copy.writeUInt32LE(32 + 16 + 4, FIELD.linkedit + 8));
    const { members, findings } = await open(Buffer.concat([grown, Buffer.from("hide")]));
    expect(members).toEqual([]);
    expect(findings).toEqual([lie("behind the code signature")]);
  });

  it.each([
    [
      "more commands than fit",
      (copy: Buffer) => copy.writeUInt32LE(0x7fff_ffff, FIELD.ncmds),
      "artifact.malformed",
    ],
    ["a command of size 0", (copy: Buffer) => copy.writeUInt32LE(0, FIELD.firstSize), "artifact.malformed"],
    [
      "a command beyond the others",
      (copy: Buffer) => copy.writeUInt32LE(0x1_0000, FIELD.firstSize),
      "artifact.malformed",
    ],
    [
      "more sections than fit",
      (copy: Buffer) => copy.writeUInt32LE(0x7fff_ffff, FIELD.nsects),
      "artifact.malformed",
    ],
    [
      "commands past the end",
      (copy: Buffer) => copy.writeUInt32LE(0x1_0000, FIELD.sizeofcmds),
      "artifact.truncated",
    ],
    [
      "more commands than may be held",
      (copy: Buffer) => copy.writeUInt32LE(0x7fff_ffff, FIELD.sizeofcmds),
      "artifact.over-limit",
    ],
  ])("refuses %s", async (_, change, code) => {
    await expect(open(changed(change))).rejects.toMatchObject({ code });
  });

  it("throws nothing but typed errors however a file is cut or flipped", async () => {
    const random = sequence(13);
    const files = WIDTHS.map((width) => buildMachO({ ...width, propertyList: PROPERTY_LIST }));
    for (const bytes of [...files, buildFat([intel, apple]), buildFat([intel, apple], { wide: true })]) {
      for (let length = 0; length < 800; length += 3) await survives(bytes.subarray(0, length));
      for (let length = 800; length < bytes.length; length += 97) await survives(bytes.subarray(0, length));
      for (let round = 0; round < 400; round += 1) {
        const copy = Buffer.from(bytes);
        for (let flips = 0; flips < 3; flips += 1)
          copy[random(round % 2 === 0 ? 500 : copy.length)] = random(256);
        await survives(copy);
      }
    }
  });
});

describe("hostile universal files", () => {
  it.each([
    [
      "bytes behind the table",
      buildFat([intel, apple], { gap: Buffer.from("hidden") }),
      "between the slices",
    ],
    [
      "bytes between slices",
      changed((copy) => copy.write("hide", ALIGNMENT_BYTES + whole.length), buildFat([intel, apple])),
      "between the slices",
    ],
    [
      "slices that share bytes",
      buildFat([intel, { ...apple, at: ALIGNMENT_BYTES + 64 }]),
      "share the same bytes",
    ],
    ["a slice inside the table", buildFat([intel, { ...apple, at: 16 }]), "inside the table"],
    ["a slice for another processor", buildFat([intel, { cpu: ARM64, bytes: whole }]), "another processor"],
    ["two slices for one processor", buildFat([intel, intel]), "for the same processor"],
    [
      "a slice that is no program",
      buildFat([intel, { cpu: ARM64, bytes: Buffer.alloc(64, 0x41) }]),
      "neither a program",
    ],
    [
      "a universal file inside another",
      buildFat([intel, { cpu: ARM64, bytes: buildFat([apple]) }]),
      "neither a program",
    ],
  ])("report %s", async (_, bytes, because) => {
    expect((await open(bytes)).findings).toContainEqual(lie(because));
  });

  it.each([
    ["past the end", buildFat([intel, { ...apple, at: 0x7fff_0000 }])],
    ["beyond 2^53", buildFat([intel, { ...apple, at: 2 ** 60 }], { wide: true })],
  ])("are cut short with a slice %s", async (_, bytes) => {
    expect((await open(bytes)).findings).toContainEqual(
      expect.objectContaining({
        check: "opened",
        outcome: "unknown",
        because: expect.stringContaining("past the end"),
      }),
    );
  });

  it.each([0, 205, 0x7fff_ffff])("are refused when they count %i slices", async (count) => {
    const bytes = changed((copy) => copy.writeUInt32BE(count, 4), buildFat([intel]));
    expect(recognise(bytes)).toBe(true);
    await expect(open(bytes)).rejects.toMatchObject({ code: "artifact.malformed" });
  });

  it("stop looking for hidden bytes when the time is up", async () => {
    let now = 0;
    const budget = new Budget({ ...DEFAULT_LIMITS, milliseconds: 5 }, () => now);
    now = 6;
    await expect(open(buildFat([intel, apple]), budget)).rejects.toMatchObject({
      code: "artifact.over-limit",
    });
  });
});
