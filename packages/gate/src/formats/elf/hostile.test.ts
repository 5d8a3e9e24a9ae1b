import { hasCode } from "@sallyport/core";
import { describe, expect, it } from "vitest";
import { WIDTHS } from "../word.fixture.ts";
import { buildElf } from "./elf.fixture.ts";
import { changed, FIELD, open, sequence, shoff, survives, whole } from "./reading.fixture.ts";

describe("hostile ELF files", () => {
  it.each([
    [
      "a segment larger than its memory",
      (copy: Buffer) => copy.writeUInt32LE(1, FIELD.load + 40),
      "in memory",
    ],
    [
      "program headers inside the file header",
      (copy: Buffer) => copy.writeUInt32LE(8, FIELD.phoff),
      "inside the file",
    ],
    [
      "tables that share bytes",
      (copy: Buffer) => copy.writeUInt32LE(shoff, FIELD.phoff),
      "share the same bytes",
    ],
    [
      "a section inside the headers",
      (copy: Buffer) => copy.writeUInt32LE(4, shoff + 64 + 24),
      "inside the file header",
    ],
    [
      "a section inside its table",
      (copy: Buffer) => copy.writeUInt32LE(shoff, shoff + 64 + 24),
      "section headers",
    ],
  ])("reports %s", async (_, change, because) => {
    expect((await open(changed(change))).findings).toContainEqual(
      expect.objectContaining({
        check: "structure",
        outcome: "fail",
        because: expect.stringContaining(because),
      }),
    );
  });

  it.each([
    ["a segment past the end", (copy: Buffer) => copy.writeUInt32LE(0x100_0000, FIELD.load + 32)],
    ["a segment beyond 2^53", (copy: Buffer) => copy.writeUInt32LE(0x7fff_ffff, FIELD.load + 12)],
    ["a section past the end", (copy: Buffer) => copy.writeUInt32LE(0x100_0000, shoff + 64 + 32)],
  ])("says that a file with %s is cut short", async (_, change) => {
    expect((await open(changed(change))).findings).toContainEqual(
      expect.objectContaining({
        check: "opened",
        outcome: "unknown",
        because: expect.stringContaining("past the end"),
      }),
    );
  });

  it.each([
    ["an unknown class", (copy: Buffer) => copy.writeUInt8(3, 4), "artifact.malformed"],
    ["an unknown byte order", (copy: Buffer) => copy.writeUInt8(0, 5), "artifact.malformed"],
    [
      "a file header of another size",
      (copy: Buffer) => copy.writeUInt16LE(52, FIELD.ehsize),
      "artifact.malformed",
    ],
    [
      "program headers of another size",
      (copy: Buffer) => copy.writeUInt16LE(32, FIELD.phentsize),
      "artifact.malformed",
    ],
    [
      "more program headers than there is file",
      (copy: Buffer) => copy.writeUInt16LE(0xfffe, FIELD.phnum),
      "artifact.truncated",
    ],
    [
      "more section headers than there is file",
      (copy: Buffer) => copy.writeUInt16LE(0xfeff, FIELD.shnum),
      "artifact.truncated",
    ],
    [
      "section headers without a place",
      (copy: Buffer) => copy.writeUInt32LE(0, FIELD.shoff),
      "artifact.malformed",
    ],
    [
      "section headers past the end",
      (copy: Buffer) => copy.writeUInt32LE(0x7fff_0000, FIELD.shoff),
      "artifact.truncated",
    ],
  ])("refuses %s", async (_, change, code) => {
    await expect(open(changed(change))).rejects.toMatchObject({ code });
  });

  it("refuses more section headers than may be held, though they are all there", async () => {
    const many = Buffer.concat([
      changed((copy) => {
        copy.writeUInt16LE(0, FIELD.shnum);
        copy.writeUInt32LE(262_145, shoff + 32);
      }),
      Buffer.alloc(262_145 * 64),
    ]);
    await expect(open(many)).rejects.toMatchObject({ code: "artifact.over-limit" });
  });

  it("does not call split-off debug information a lie", async () => {
    const companion = changed((copy) => copy.writeUInt32LE(0x100_0000, FIELD.load + 32));
    companion.writeUInt32LE(0x100_0000, FIELD.load + 40);
    companion.writeUInt32LE(8, shoff + 64 + 4);
    expect((await open(companion)).findings).toEqual([]);
  });

  it("throws nothing but typed errors however a file is cut or flipped", async () => {
    const random = sequence(11);
    for (const width of WIDTHS) {
      const bytes = buildElf({ ...width, extendedCounts: width.wide });
      for (let length = 0; length < bytes.length; length += 3) await survives(bytes.subarray(0, length));
      for (let round = 0; round < 400; round += 1) {
        const copy = Buffer.from(bytes);
        for (let flips = 0; flips < 3; flips += 1)
          copy[random(round % 2 === 0 ? 200 : copy.length)] = random(256);
        await survives(copy);
      }
    }
  });
});

it.each(WIDTHS)("never passes a file that is cut short: %o", async (width) => {
  const bytes = buildElf(width);
  for (let length = 4; length < bytes.length; length += 1) {
    const answer = await open(bytes.subarray(0, length)).catch((error: unknown) => error);
    const isTold = hasCode(answer, "artifact.truncated", "artifact.malformed");
    if (!isTold)
      expect(answer, `cut at ${length}`).toMatchObject({
        findings: [{ check: "opened", outcome: "unknown" }],
      });
  }
});

it("hands out an ELF file behind another as it stands", async () => {
  const { members, findings } = await open(Buffer.concat([whole, whole]));
  expect(findings).toEqual([]);
  expect(members.map(({ name, range }) => [name, range?.offsetInParentBytes])).toEqual([
    ["overlay", whole.length],
  ]);
});
