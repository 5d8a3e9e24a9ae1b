import { randomFillSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { compareMembers, contextOf, portraitOf } from "../trait.fixture.ts";
import type { Difference } from "../trait.ts";
import {
  smallBitmap,
  smallElf,
  smallFont,
  smallGif,
  smallIcon,
  smallJpeg,
  smallMachO,
  smallPe,
  smallPng,
  smallWave,
  smallWoff,
} from "./carrier.fixture.ts";
import { hiddenPayload } from "./index.ts";
import { readMedia } from "./media.ts";

interface Place {
  readonly path: string;
  readonly format?: string;
}
const data = { path: "share/model.bin", format: "data" };
const library = { path: "lib/codec.so", format: "elf" };
const script = { path: "lib/index.js", format: "data" };

async function compared(
  before: Uint8Array | undefined,
  after: Uint8Array,
  place: Place,
): Promise<Difference[]> {
  const draw = (bytes: Uint8Array) => portraitOf([hiddenPayload], { format: "data", ...place, bytes });
  return compareMembers(
    hiddenPayload,
    before === undefined ? undefined : await draw(before),
    await draw(after),
  );
}
const briefly = (differences: readonly Difference[]): string[] =>
  differences.map(({ rule, risk }) => `${risk} ${rule}`);
const noise = (length: number): Buffer => randomFillSync(Buffer.alloc(length));
const plain = Buffer.alloc(9_001, "what a file of data holds, in words. ");
const xored = (bytes: Buffer, key: number): Buffer => Buffer.from(bytes.map((byte) => byte ^ key));
const around = (payload: Uint8Array): Buffer => Buffer.concat([plain, payload, plain]);

describe("a program that a member gained", () => {
  it.each<[string, Buffer]>([
    ["for Windows", smallPe()],
    ["of ELF", smallElf()],
    ["of Mach-O", smallMachO()],
  ])("holds %s, in the clear and under any key", async (_what, program) => {
    expect(briefly(await compared(plain, around(program), data))).toEqual(["high carried-program"]);
    for (const key of [1, 0x5a, 0xff]) {
      const [difference] = await compared(plain, around(xored(program, key)), data);
      expect(difference).toMatchObject({ rule: "hidden-program", risk: "high" });
      expect(difference?.because).toContain(`under the XOR key 0x${key.toString(16)}`);
      expect(difference?.after?.offsetBytes).toBe(plain.length);
    }
  });

  it.each<[string, Buffer]>([
    ["backwards", Buffer.from(smallPe()).reverse()],
    ["backwards under a key", xored(Buffer.from(smallElf()).reverse(), 0x33)],
    ["in base64", Buffer.from(`"${smallPe().toString("base64")}"`)],
    ["in folded base64", Buffer.from(`"${smallPe().toString("base64").replace(/.{76}/g, "$&\n")}"`)],
    ["in hexadecimal digits", Buffer.from(`"${smallElf().toString("hex")}"`)],
  ])("holds one that is written %s", async (_how, bytes) => {
    for (const place of [script, data, library])
      expect(briefly(await compared(plain, around(bytes), place))).toEqual(["high hidden-program"]);
  });

  it("holds in a program that carried none, and stays low where programs were carried before", async () => {
    const outer = Buffer.concat([smallElf(), plain]);
    const one = Buffer.concat([outer, smallPe()]);
    expect(briefly(await compared(outer, one, library))).toEqual(["high carried-program"]);
    expect(briefly(await compared(one, Buffer.concat([one, smallPe()]), library))).toEqual([
      "low more-programs",
    ]);
    expect(await compared(one, Buffer.concat([outer, plain, smallPe()]), library)).toEqual([]);
  });

  it("is milder for new data, and low for what traces a kernel", async () => {
    expect(briefly(await compared(undefined, around(smallPe()), data))).toEqual(["medium carried-program"]);
    expect(briefly(await compared(plain, around(smallElf(247)), library))).toEqual(["low carried-program"]);
  });

  it("is told by more than a mark: tools that read programs have those", async () => {
    const marks = Buffer.from(
      "7f454c4602010100 MZ This program cannot be run in DOS mode. PE\0\0d\x86 \xcf\xfa\xed\xfe\x07\0\0\x01",
      "latin1",
    );
    expect(await compared(plain, around(marks), library)).toEqual([]);
  });

  it("does not take slices for it", async () => {
    const fat = Buffer.alloc(4096);
    Buffer.from("cafebabe00000001010000070000000300000400000001000000000a", "hex").copy(fat);
    smallMachO().copy(fat, 0x400);
    expect(await compared(plain, fat, { path: "a", format: "mach-o" })).toEqual([]);
  });
});

describe("the end of pictures, sounds and fonts", () => {
  it.each<[string, Buffer]>([
    ["a.png", smallPng()],
    ["a.jpg", smallJpeg()],
    ["a.gif", smallGif()],
    ["a.ico", smallIcon()],
    ["a.wav", smallWave()],
    ["a.ttf", smallFont()],
    ["a.woff", smallWoff("wOFF")],
    ["a.woff2", smallWoff("wOF2")],
    ["a.bmp", smallBitmap()],
  ])("is known of %s, and what is put behind it is told", async (path, bytes) => {
    expect(readMedia(bytes)?.endBytes).toBe(bytes.length);
    const hidden = Buffer.concat([bytes, Buffer.from(`$${noise(300).toString("base64")}`)]);
    expect(briefly(await compared(bytes, hidden, { path }))).toEqual(["high behind-the-end"]);
    expect(briefly(await compared(undefined, hidden, { path }))).toEqual(["high behind-the-end"]);
    expect(await compared(hidden, hidden, { path })).toEqual([]);
    const archive = Buffer.concat([bytes, Buffer.from("PK\x03\x04"), noise(200)]);
    expect(briefly(await compared(bytes, archive, { path }))).toEqual(["high behind-the-end"]);
    const jpegLike = path === "a.jpg" || path === "a.wav";
    expect(briefly(await compared(bytes, Buffer.concat([bytes, noise(5_000)]), { path }))).toEqual([
      `${jpegLike ? "medium" : "high"} behind-the-end`,
    ]);
    expect(await compared(bytes, Buffer.concat([bytes, Buffer.alloc(9)]), { path })).toEqual([]);
  });

  it("does not mind another picture, nor what an editor leaves behind", async () => {
    expect(await compared(smallPng(), smallPng("drawn anew"), { path: "a.png" })).toEqual([]);
    expect(await compared(smallPng(), smallJpeg(), { path: "a.png" })).toEqual([]);
    const edited = Buffer.concat([smallJpeg(), Buffer.from("Edited with an editor of the example kind")]);
    expect(briefly(await compared(smallJpeg(), edited, { path: "a.jpg" }))).toEqual(["low behind-the-end"]);
    expect(
      briefly(await compared(edited, Buffer.concat([edited, Buffer.from("!!")]), { path: "a.jpg" })),
    ).toEqual(["low other-behind-the-end"]);
  });
});

describe("pictures and fonts that are none", () => {
  const code = Buffer.from('const a = require("child_process"); a.exec("x");');
  it("holds for scripts, programs and noise under such a name", async () => {
    expect(briefly(await compared(smallWoff("wOF2"), code, { path: "fonts/a.woff2" }))).toEqual([
      "high no-longer-media",
    ]);
    expect(briefly(await compared(undefined, code, { path: "fonts/a.woff2" }))).toEqual(["high misnamed"]);
    expect(briefly(await compared(smallPng(), smallPe(), { path: "a.png" }))).toEqual([
      "high no-longer-media",
    ]);
    expect(briefly(await compared(smallFont(), noise(9_000), { path: "a.ttf" }))).toEqual([
      "high no-longer-media",
    ]);
  });

  it("stays low for one more of what the release before had already", async () => {
    const draw = (path: string, bytes: Uint8Array) => portraitOf([hiddenPayload], { path, bytes });
    const old = await draw("art/one.png", noise(9_000));
    const added = {
      before: undefined,
      after: await draw("art/two.png", noise(8_000)),
      how: "added" as const,
    };
    const habit = contextOf([{ before: old, after: old, how: "path" }, added]);
    expect(briefly([...(hiddenPayload.compare?.(added, habit) ?? [])])).toEqual(["low misnamed"]);
    expect(briefly([...(hiddenPayload.compare?.(added, contextOf([added])) ?? [])])).toEqual([
      "high misnamed",
    ]);
  });

  it("stays low for a pointer to a file that was not fetched, and for a page that says so", async () => {
    for (const text of [
      "version https://git-lfs.github.com/spec/v1\noid sha256:00",
      "<!DOCTYPE html><script>function a() {}</script>",
    ])
      expect(briefly(await compared(smallPng(), Buffer.from(text), { path: "a.png" }))).toEqual([
        "low no-longer-media",
      ]);
  });

  it("holds for a font or a bitmap that turned to noise, not for one that was drawn anew", async () => {
    expect(briefly(await compared(smallFont(), smallFont(noise(20_000)), { path: "a.ttf" }))).toEqual([
      "high turned-dense",
    ]);
    expect(briefly(await compared(smallBitmap(), smallBitmap(noise(20_000)), { path: "a.bmp" }))).toEqual([
      "high turned-dense",
    ]);
    expect(
      await compared(smallFont(), smallFont(Buffer.alloc(500, "other outlines")), { path: "a.ttf" }),
    ).toEqual([]);
  });
});
