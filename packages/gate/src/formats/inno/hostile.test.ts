import { crc32 } from "node:zlib";
import { SallyportError } from "@sallyport/core";
import { contentOf, recordingContext, sourceOf, testBudget } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { walk } from "../../descent/walk.fixture.ts";
import { writeZip } from "../../replica/index.ts";
import { inno } from "./index.ts";
import { buildInstaller, buildProgram } from "./installer.fixture.ts";
import { VECTORS } from "./vectors.fixture.ts";

const files = {
  "{app}\\a.txt": Buffer.from("text of a\n".repeat(30)),
  "{app}\\b.bin": Buffer.alloc(5000, 7),
};

async function open(bytes: Buffer) {
  const { context, findings } = recordingContext(testBudget({ bytes: 2 ** 22 }));
  const names: string[] = [];
  const errors: string[] = [];
  for await (const member of inno.open?.(sourceOf(bytes), context) ?? []) {
    names.push(member.name);
    try {
      await contentOf(member);
    } catch (error) {
      if (!(error instanceof SallyportError)) throw error;
      errors.push(error.message);
    }
  }
  return { names, errors, because: findings.map(({ outcome, because }) => `${outcome}: ${because}`) };
}

const typedOnly = (bytes: Buffer) =>
  open(bytes).catch((error) => expect(error).toBeInstanceOf(SallyportError));

/** The table in the stub with one field changed, its checksum right. */
function withField(program: Buffer, field: number, value: number): Buffer {
  const copy = Buffer.from(program);
  const at = copy.indexOf(Buffer.from("72446c507453cde6d77b0b2a", "hex"));
  copy.writeUInt32LE(value, at + 12 + field * 4);
  copy.writeUInt32LE(crc32(copy.subarray(at, at + 40)), at + 40);
  return copy;
}

describe("Inno Setup data", () => {
  it.each(["stored", "zlib"] as const)("answers with typed errors wherever it is cut: %s", async (method) => {
    const { bytes } = buildInstaller({ files, method, isSolid: true });
    for (let length = 0; length < bytes.length; length += 3) await typedOnly(bytes.subarray(0, length));
  });

  it("answers flipped bits with typed errors or findings", async () => {
    const real = VECTORS.map((vector) => Buffer.from(vector.bytes, "base64"));
    for (const bytes of [buildInstaller({ files, method: "zlib" }).bytes, ...real.slice(-2)])
      for (let bit = 0; bit < bytes.length * 8; bit += 7) {
        const flipped = Buffer.from(bytes);
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        await typedOnly(flipped);
      }
  });

  it("fails when a file does not have its checksum", async () => {
    const { bytes } = buildInstaller({ files });
    bytes[6] = (bytes[6] ?? 0) ^ 1;
    expect((await open(bytes)).because).toEqual([
      expect.stringMatching(/^fail: does not have the SHA256 checksum/),
    ]);
  });

  it("fails when bytes hide between chunks, or behind the last file of one", async () => {
    const { bytes } = buildInstaller({ files: { "{app}\\a.txt": Buffer.from("text") } });
    const gap = Buffer.concat([bytes.subarray(0, 8), Buffer.from("hidden between parts"), bytes.subarray(8)]);
    expect((await open(gap)).names).toContain("unclaimed-8");
    const overlong = buildInstaller({
      files: { "{app}\\a.txt": Buffer.from("text"), "{app}\\b": Buffer.from("t") },
    });
    const whole = overlong.bytes.toString("latin1").replace("text", "zzzz");
    expect((await open(Buffer.from(whole, "latin1"))).because).toHaveLength(1);
  });

  it("does not follow a table that points outside of what the stub carries", async () => {
    const program = buildProgram({ files });
    expect((await walk(program)).bad).toEqual([]);
    for (const [field, value] of [
      [2, 0xffff_fff0],
      [5, 0xffff_ff00],
      [5, 0],
      [6, 0xffff_0000],
      [6, 64],
    ] as const) {
      const { bad } = await walk(withField(program, field, value));
      expect({ field, value, bad }).not.toEqual({ field, value, bad: [] });
    }
  });

  it("fails when the engine is not the one the table speaks of", async () => {
    const { bad } = await walk(withField(buildProgram({ files }), 4, 1234));
    expect(bad).toEqual([expect.stringMatching(/^structure fail overlay\/setup\/engine.exe: .*checksum/)]);
  });

  it("does not believe a table whose own checksum is wrong", async () => {
    const program = buildProgram({ files });
    const at = program.indexOf(Buffer.from("72446c507453cde6d77b0b2a", "hex"));
    program.writeUInt32LE(1, at + 40);
    expect((await walk(program)).bad).toEqual([
      expect.stringMatching(/^opened unknown overlay: .*offset table/),
    ]);
  });

  it("hands on what somebody put behind it", async () => {
    const program = buildProgram({ files });
    const zip = writeZip([{ name: "inside.txt", bytes: Buffer.from("x") }]);
    expect([...(await walk(Buffer.concat([program, zip]))).members.keys()]).toContainEqual(
      expect.stringMatching(/^overlay\/unclaimed-\d+\/inside.txt$/),
    );
    expect((await walk(Buffer.concat([program, Buffer.from("somebody's bytes")]))).bad).toEqual([
      expect.stringMatching(/^opened unknown overlay\/unclaimed/),
    ]);
    expect((await walk(Buffer.concat([program, Buffer.alloc(7)]))).bad).toEqual([]);
  });

  it("says that the files of a disk set lie elsewhere", async () => {
    const { bytes, headerOffset } = buildInstaller({ files });
    expect((await open(bytes.subarray(headerOffset))).because).toEqual([
      expect.stringMatching(/^unknown: its 2 files lie in disks of their own/),
    ]);
    await expect(open(Buffer.from("idska32\x1a\0\0\0\0 data of a disk", "latin1"))).rejects.toMatchObject({
      code: "artifact.unsupported",
    });
  });

  it("shows names that climb without letting them climb", async () => {
    const { bytes } = buildInstaller({
      files: { "{app}\\..\\..\\up.txt": Buffer.from("x"), "C:\\y": Buffer.from("y") },
    });
    expect((await open(bytes)).names).toEqual(["{app}/(up)/(up)/up.txt", "C_/y"]);
  });

  it("does not take a bomb, nor counts that no table can hold", async () => {
    const bomb = buildInstaller({ files: { "{app}\\a": Buffer.alloc(32 * 2 ** 20) }, method: "zlib" });
    expect((await open(bomb.bytes)).errors).toEqual([expect.stringMatching(/limit of .* bytes/)]);
  });
});
