import { ArtifactError, MemorySource, SallyportError } from "@sallyport/core";
import { contentOf, recordingContext, sourceOf, testBudget } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { walk } from "../../descent/walk.fixture.ts";
import { buildPeImage, writeZip } from "../../replica/index.ts";
import { nsis } from "./index.ts";
import { buildInstaller, type InstallerRequest } from "./installer.fixture.ts";
import { readNames } from "./script.ts";

const files = {
  "a.txt": Buffer.from("text of a\n".repeat(50)),
  "sub\\b.bin": Buffer.alloc(3000, 7),
  empty: Buffer.alloc(0),
};
const kinds: readonly Partial<InstallerRequest>[] = [
  { method: "none" },
  { method: "deflate" },
  { method: "deflate", isSolid: true },
];

async function open(bytes: Buffer, carrier?: Buffer) {
  const { context, findings } = recordingContext(testBudget({ bytes: 2 ** 22 }));
  const members: { name: string; bytes: Buffer }[] = [];
  const own =
    carrier === undefined
      ? context
      : { ...context, carrier: sourceOf(carrier), offsetInParentBytes: carrier.length - bytes.length };
  for await (const member of nsis.open?.(sourceOf(bytes), own) ?? [])
    members.push({ name: member.name, bytes: await contentOf(member) });
  return {
    members,
    because: findings.map(({ check, outcome, because }) => `${check} ${outcome}: ${because}`),
  };
}

describe("NSIS data", () => {
  it.each(kinds)("is opened, each file by its place: %o", async (kind) => {
    const { members, because } = await open(buildInstaller({ files, ...kind }));
    expect(because).toEqual([]);
    expect(members).toEqual([
      { name: "$INSTDIR/a.txt", bytes: files["a.txt"] },
      { name: "$INSTDIR/sub/b.bin", bytes: files["sub\\b.bin"] },
      { name: "$INSTDIR/empty", bytes: files.empty },
    ]);
  });

  it.each(kinds)("answers with typed errors wherever it is cut or flipped: %o", async (kind) => {
    const whole = buildInstaller({ files, ...kind });
    const check = async (bytes: Buffer) => {
      try {
        return await open(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(SallyportError);
        return undefined;
      }
    };
    for (let length = 0; length < whole.length; length += 1)
      expect(await check(whole.subarray(0, length))).toBeUndefined();
    for (let bit = 0; bit < Math.min(whole.length, 1200) * 8; bit += 3) {
      const flipped = Buffer.from(whole);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      await check(flipped);
    }
  });

  it("is not believed when a block reaches into the checksum, or beyond", async () => {
    const whole = buildInstaller({ files, method: "none" });
    const first = 28 + 4 + whole.readUInt32LE(20);
    for (const length of [whole.length, 0x7fff_ffff]) {
      const lying = Buffer.from(whole);
      lying.writeUInt32LE(length, first);
      await expect(open(lying)).rejects.toMatchObject({ code: "artifact.malformed" });
    }
  });

  it("is not believed when its two sizes of the script differ", async () => {
    for (const kind of kinds.slice(1)) {
      const lying = buildInstaller({ files, ...kind });
      lying.writeUInt32LE(lying.readUInt32LE(20) - 1, 20);
      await expect(open(lying)).rejects.toBeInstanceOf(ArtifactError);
    }
  });

  it("fails when bytes hide behind a block's compressed data, or behind all of it", async () => {
    const whole = buildInstaller({ files, method: "deflate", isSolid: true });
    const hidden = Buffer.concat([whole.subarray(0, -4), Buffer.from("hidden"), whole.subarray(-4)]);
    hidden.writeUInt32LE(hidden.length, 24);
    expect((await open(hidden)).because).toEqual(["structure fail: holds bytes behind its compressed data"]);
  });

  it("fails when a byte of program or data changed after it was built", async () => {
    const program = buildPeImage();
    const data = buildInstaller({ files, program });
    const whole = Buffer.concat([program, data]);
    expect((await open(data, whole)).because).toEqual([]);
    for (const at of [600, program.length + 40, whole.length - 10]) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ 1;
      const { because } = await open(changed.subarray(program.length), changed).catch(() => ({
        because: [expect.anything()],
      }));
      expect(because).not.toEqual([]);
    }
  });

  it("is found at the stub's own steps, and what stands before it is handed on", async () => {
    const program = buildPeImage();
    const padding = Buffer.alloc(512, "hidden");
    const data = buildInstaller({ files, program: Buffer.concat([program, padding]) });
    const { members, bad } = await walk(Buffer.concat([program, padding, data]));
    expect(members.get("overlay")?.format).toBe("nsis");
    expect(bad).toEqual([expect.stringMatching(/^opened unknown overlay-leading: /)]);
    const beside = await walk(Buffer.concat([program, padding.subarray(1), data]));
    expect(beside.bad).toEqual([expect.stringMatching(/^opened unknown overlay: /)]);
  });

  it("does not read a script's strings for ever", () => {
    const header = Buffer.alloc(4 + 8 * 8 + 400_000 * 28 + 40_000, "a");
    header.fill(0, 0, 68);
    for (const [block, offset] of [68, 68, 68, 68 + 400_000 * 28, header.length].entries())
      header.writeUInt32LE(offset, 4 + block * 8);
    header.writeUInt32LE(400_000, 4 + 2 * 8 + 4);
    for (let entry = 0; entry < 400_000; entry += 1) {
      const at = 68 + entry * 28;
      header.writeUInt32LE(20, at);
      header.writeUInt32LE(1, at + 8);
      header.writeUInt32LE(entry, at + 12);
    }
    const named = readNames(header, testBudget());
    expect(named.size).toBeGreaterThan(10_000);
    expect(named.size).toBeLessThan(20_000);
  });

  it("hands on what somebody put behind it", async () => {
    const program = buildPeImage();
    const data = buildInstaller({ files, program });
    const zip = writeZip([{ name: "inside.txt", bytes: Buffer.from("x") }]);
    const known = await walk(Buffer.concat([program, data, zip]));
    expect([...known.members.keys()]).toContain("overlay/trailing/inside.txt");
    const unknown = await walk(Buffer.concat([program, data, Buffer.from("somebody's bytes")]));
    expect(unknown.bad).toEqual([expect.stringMatching(/^opened unknown overlay\/trailing/)]);
    expect((await walk(Buffer.concat([program, data, Buffer.alloc(5)]))).bad).toEqual([]);
  });

  it("shows names that climb without letting them climb", async () => {
    const climbing = { "..\\..\\up.txt": Buffer.from("x"), "C:\\Windows\\x.dll": Buffer.from("y") };
    const { members } = await open(buildInstaller({ files: climbing }));
    expect(members.map(({ name }) => name)).toEqual(["$INSTDIR/(up)/(up)/up.txt", "C_/Windows/x.dll"]);
  });

  it("does not take a bomb", async () => {
    const bomb = buildInstaller({ files: { "a.bin": Buffer.alloc(16 * 2 ** 20) }, method: "deflate" });
    await expect(open(bomb)).rejects.toMatchObject({ code: "artifact.over-limit" });
    const { context } = recordingContext();
    const greedy = buildInstaller({ files });
    greedy.writeUInt32LE(0x7fff_ffff, 20);
    const all = nsis.open?.(new MemorySource(greedy), context)[Symbol.asyncIterator]();
    await expect(all?.next()).rejects.toMatchObject({ code: "artifact.over-limit" });
  });
});
