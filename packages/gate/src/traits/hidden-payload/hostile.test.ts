import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { portraitOf } from "../trait.fixture.ts";
import {
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

const samples = [
  smallPng(),
  smallJpeg(),
  smallGif(),
  smallIcon(),
  smallWave(),
  smallFont(),
  smallWoff("wOFF"),
  smallPe(),
  smallElf(),
  smallMachO(),
];

describe("hostile pictures and programs", () => {
  it("takes files that are cut anywhere", () => {
    for (const sample of samples)
      for (let length = 0; length <= Math.min(sample.length, 600); length += 1) {
        const end = readMedia(sample.subarray(0, length))?.endBytes;
        if (end !== undefined) expect(end).toBeLessThanOrEqual(length);
      }
  });

  it("takes flipped bytes and lies about sizes, wherever they stand", async () => {
    const change = fc.tuple(fc.nat(1_000), fc.constantFrom(0, 1, 0x7f, 0x80, 0xff));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...samples),
        fc.array(change, { maxLength: 12 }),
        fc.nat(40),
        async (sample, changes, front) => {
          const bytes = Buffer.concat([Buffer.alloc(front, 1), sample]);
          for (const [at, value] of changes) bytes[at % bytes.length] = value;
          await portraitOf([hiddenPayload], { path: "a.png", bytes });
          await portraitOf([hiddenPayload], { path: "a.exe", format: "pe", bytes });
        },
      ),
      { seed: 4, numRuns: 300 },
    );
  });

  it.each<[string, Buffer]>([
    ["PE marks", Buffer.from("504500006486", "hex")],
    ["programs", smallElf().subarray(0, 64)],
    ["beginnings in base64", Buffer.from("TVqQAAMAAAAEAAAA//8")],
    ["backwards", Buffer.from("01010246 4c457f".replace(" ", ""), "hex")],
    ["JPEG markers", Buffer.from("ffd8ffda0002ff", "hex")],
    ["GIF blocks", Buffer.from("47494638396101", "hex")],
    [
      "marks under a key",
      Buffer.from(
        smallPe()
          .subarray(0, 256)
          .map((byte) => byte ^ 7),
      ),
    ],
  ])("keeps little of megabytes of %s", async (_what, pattern) => {
    const portrait = await portraitOf([hiddenPayload], {
      path: "a.jpg",
      bytes: Buffer.alloc(2 * 1024 * 1024, pattern),
    });
    expect(JSON.stringify(portrait.value("hidden-payload") ?? "").length).toBeLessThan(20_000);
  });
});
