import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { open as openFile, readFile } from "node:fs/promises";
import { FileSource, hasCode } from "@sallyport/core";
import { contentOf, recordingContext, sourceOf } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { WIDTHS } from "../word.fixture.ts";
import { BUILD_ID, buildElf } from "./elf.fixture.ts";
import { elf } from "./index.ts";

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

  it("lets a section be the headers, or the table of sections, as Guile's linker makes them", async () => {
    const headers = changed((copy: Buffer) => {
      copy.writeUInt32LE(0, shoff + 64 + 24);
      copy.writeUInt32LE(64, shoff + 64 + 32);
    });
    expect((await open(headers)).findings).toEqual([]);
    const table = changed((copy: Buffer) => {
      copy.writeUInt32LE(shoff, shoff + 64 + 24);
      copy.writeUInt32LE(copy.readUInt16LE(60) * 64, shoff + 64 + 32);
    });
    expect((await open(table)).findings).toEqual([]);
  });

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
