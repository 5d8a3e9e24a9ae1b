import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { open as openFile, readFile } from "node:fs/promises";
import { FileSource, hasCode } from "@sallyport/core";
import { contentOf, recordingContext, sourceOf } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { elf } from "./index.ts";

interface Width {
  readonly wide: boolean;
  readonly littleEndian: boolean;
}
const WIDTHS: readonly Width[] = [
  { wide: true, littleEndian: true },
  { wide: true, littleEndian: false },
  { wide: false, littleEndian: true },
  { wide: false, littleEndian: false },
];
const BUILD_ID = Buffer.from("00112233445566778899aabbccddeeff00112233", "hex");
const METADATA = JSON.stringify({ type: "deb", name: "demo", version: "1.2-3" });
const BASE = 0x40_0000;

/** Writes numbers of the file's width and byte order one behind another. */
class Writer {
  readonly #width: Width;
  readonly pieces: Buffer[] = [];

  constructor(width: Width) {
    this.#width = width;
  }

  get lengthBytes(): number {
    return this.pieces.reduce((sum, { length }) => sum + length, 0);
  }

  half(value: number): this {
    return this.#push(2, value);
  }

  word(...values: number[]): this {
    for (const value of values) this.#push(4, value);
    return this;
  }

  address(...values: number[]): this {
    for (const value of values) {
      if (!this.#width.wide) this.#push(4, value);
      else if (this.#width.littleEndian) this.word(value % 2 ** 32, Math.floor(value / 2 ** 32));
      else this.word(Math.floor(value / 2 ** 32), value % 2 ** 32);
    }
    return this;
  }

  bytes(value: Uint8Array): this {
    this.pieces.push(Buffer.from(value));
    return this;
  }

  #push(sizeBytes: number, value: number): this {
    const piece = Buffer.alloc(sizeBytes);
    if (this.#width.littleEndian) piece.writeUIntLE(value, 0, sizeBytes);
    else piece.writeUIntBE(value, 0, sizeBytes);
    return this.bytes(piece);
  }
}

interface Shape extends Width {
  readonly overlay?: Uint8Array;
  /** Counts in section header 0, as files with more than 65,000 sections have them. */
  readonly extendedCounts?: boolean;
}

/** A library with a name, a build id and package metadata; sizes and places are the same for every call of a width. */
function buildElf({ overlay, extendedCounts = false, ...width }: Shape): Buffer {
  const { wide } = width;
  const [headerBytes, segmentBytes, sectionBytes] = wide ? [64, 56, 64] : [52, 32, 40];
  const note = (name: string, type: number, description: Buffer): Buffer =>
    Buffer.concat(
      new Writer(width)
        .word(4, description.length, type)
        .bytes(Buffer.from(`${name}\0`))
        .bytes(description)
        .bytes(Buffer.alloc((4 - (description.length % 4)) % 4)).pieces,
    );
  const notes = Buffer.concat([
    note("GNU", 3, BUILD_ID),
    note("FDO", 0xcafe1a7e, Buffer.from(`${METADATA}\0`)),
  ]);
  const strings = Buffer.from("\0libdemo.so.3\0");
  const notesAt = headerBytes + segmentBytes * 3;
  const dynamicAt = notesAt + notes.length;
  const stringsAt = dynamicAt + (wide ? 16 : 8) * 4;
  const sectionsAt = Math.ceil((stringsAt + strings.length) / 8) * 8;
  const dynamic = new Writer(width).address(5, BASE + stringsAt, 10, strings.length, 14, 1, 0, 0);
  const file = new Writer(width);
  file.bytes(Buffer.from([0x7f, 0x45, 0x4c, 0x46, wide ? 2 : 1, width.littleEndian ? 1 : 2, 1]));
  file
    .bytes(Buffer.alloc(9))
    .half(3)
    .half(wide ? 62 : 3)
    .word(1);
  file.address(0, headerBytes, sectionsAt).word(0).half(headerBytes);
  file.half(segmentBytes).half(extendedCounts ? 0xffff : 3);
  file
    .half(sectionBytes)
    .half(extendedCounts ? 0 : 3)
    .half(0);
  const segment = (type: number, at: number, sizeBytes: number): void => {
    if (wide) file.word(type, 4).address(at, BASE + at, BASE + at, sizeBytes, sizeBytes, 4);
    else file.word(type, at, BASE + at, BASE + at, sizeBytes, sizeBytes, 4, 4);
  };
  segment(1, 0, sectionsAt);
  segment(2, dynamicAt, dynamic.lengthBytes);
  segment(4, notesAt, notes.length);
  file.bytes(notes).bytes(Buffer.concat(dynamic.pieces)).bytes(strings);
  file.bytes(Buffer.alloc(sectionsAt - file.lengthBytes));
  const section = (type: number, at: number, sizeBytes: number, info = 0): void => {
    file
      .word(0, type)
      .address(type === 0 ? 0 : 2, BASE + at, at, sizeBytes)
      .word(0, info)
      .address(4, 0);
  };
  section(0, 0, extendedCounts ? 3 : 0, extendedCounts ? 3 : 0);
  section(7, notesAt, notes.length);
  section(8, 0x7000_0000, 0x7000_0000);
  return Buffer.concat([...file.pieces, overlay ?? Buffer.alloc(0)]);
}

const whole = buildElf({ wide: true, littleEndian: true });
/** Places in {@link whole}. */
const FIELD = { phoff: 32, shoff: 40, ehsize: 52, phentsize: 54, phnum: 56, shnum: 60, load: 64 } as const;

async function open(bytes: Buffer) {
  const { context, findings } = recordingContext();
  const members = [];
  for await (const member of elf.open?.(sourceOf(bytes), context) ?? []) members.push(member);
  return { members, findings };
}

const identify = (bytes: Buffer) => elf.identify?.(sourceOf(bytes), recordingContext().context);

function changed(change: (copy: Buffer) => void, bytes: Buffer = whole): Buffer {
  const copy = Buffer.from(bytes);
  change(copy);
  return copy;
}

const shoff = whole.readUInt32LE(FIELD.shoff);

describe("ELF", () => {
  it.each(WIDTHS)("reads what a file says of itself: %o", async (width) => {
    for (const extendedCounts of [false, true]) {
      const bytes = buildElf({ ...width, extendedCounts });
      expect(await identify(bytes)).toEqual({
        product: "demo",
        version: "1.2-3",
        originalName: "libdemo.so.3",
        architecture: width.wide ? "x64" : "x86",
        buildId: BUILD_ID.toString("hex"),
      });
      expect(await open(bytes)).toEqual({ members: [], findings: [] });
    }
  });

  it.each(WIDTHS)("hands out what stands behind the file: %o", async (width) => {
    const overlay = Buffer.from("hsqs and the rest of a file system");
    const { members, findings } = await open(buildElf({ ...width, overlay }));
    expect(findings).toEqual([]);
    expect(members.map(({ name }) => name)).toEqual(["overlay"]);
    const [member] = members;
    expect(member?.range?.offsetInParentBytes).toBe(buildElf(width).length);
    if (member !== undefined) expect(await contentOf(member)).toEqual(overlay);
  });

  it("takes a few zeros behind the file for filling, and a single other byte not", async () => {
    expect(
      (await open(buildElf({ wide: true, littleEndian: true, overlay: Buffer.alloc(8) }))).members,
    ).toEqual([]);
    expect((await open(Buffer.concat([whole, Buffer.from("x")]))).members).toHaveLength(1);
    expect((await open(Buffer.concat([whole, Buffer.alloc(64)]))).members).toHaveLength(1);
  });

  it.each([
    [
      "a segment past the end",
      (copy: Buffer) => copy.writeUInt32LE(0x100_0000, FIELD.load + 32),
      "past the end",
    ],
    [
      "a segment beyond 2^53",
      (copy: Buffer) => copy.writeUInt32LE(0x7fff_ffff, FIELD.load + 12),
      "past the end",
    ],
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
      "a section past the end",
      (copy: Buffer) => copy.writeUInt32LE(0x100_0000, shoff + 64 + 32),
      "past the end",
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

  it("agrees with readelf about the running Node, without findings", async () => {
    const program = process.platform === "linux" ? process.execPath : undefined;
    if (program === undefined) return;
    const file = await openFile(program);
    const source = new FileSource(file.fd);
    const { context, findings } = recordingContext();
    for await (const { name } of elf.open?.(source, context) ?? []) expect(name).toBe("overlay");
    expect(findings).toEqual([]);
    const identity = await elf.identify?.(source, context);
    await file.close();
    expect(identity?.architecture).toBe(process.arch);
    if (existsSync("/usr/bin/readelf"))
      expect(
        /Build ID: (\w+)/.exec(execFileSync("readelf", ["-n", program], { encoding: "utf8" }))?.[1],
      ).toBe(identity?.buildId);
  });

  it("reads the name and build id of the system's C library", async ({ skip }) => {
    const library = "/usr/lib/x86_64-linux-gnu/libc.so.6";
    if (!existsSync(library)) skip("this system has no such file");
    const bytes = await readFile(library);
    expect(await open(bytes)).toEqual({ members: [], findings: [] });
    expect(await identify(bytes)).toMatchObject({ originalName: "libc.so.6", architecture: "x64" });
  });
});

async function survives(bytes: Buffer): Promise<void> {
  for (const reading of [identify, open])
    try {
      await reading(bytes);
    } catch (error) {
      expect(
        hasCode(error, "artifact.malformed", "artifact.truncated", "artifact.over-limit"),
        String(error),
      ).toBe(true);
    }
}

/** Numbers below a bound, the same in every run. */
function sequence(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % bound;
  };
}
