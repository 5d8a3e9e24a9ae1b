import { describe, expect, it } from "vitest";
import { alarms, compareImages } from "../executable/compare.fixture.ts";
import { buildImage, codeBytes, type ImageRequest } from "../executable/image.fixture.ts";
import { entryPoint } from "./index.ts";

const judge = async (before: ImageRequest, after: ImageRequest): Promise<string[]> =>
  alarms(await compareImages(entryPoint, before, after));

const text = (bytes = codeBytes()) => ({ name: ".text", bytes, access: "r-x" });
const tail = (access = "rwx") => ({ name: ".tail", bytes: codeBytes(4096, 3), access });

describe("an entry point", () => {
  it("is refused in an added section when the code stayed the same", async () => {
    expect(
      await judge({ sections: [text()] }, { sections: [text(), tail()], entry: { section: ".tail" } }),
    ).toEqual(["critical entry-moved"]);
  });

  it("is held in a new writable section of a new build, as packers put it", async () => {
    expect(
      await judge(
        { sections: [text()] },
        { sections: [text(codeBytes(64 * 1024, 9)), tail()], entry: { section: ".tail" } },
      ),
    ).toEqual(["high entry-moved"]);
  });

  it("is held elsewhere in code that is the same, and refused under the same link id", async () => {
    const entry = { section: ".text", offsetBytes: 0x4000 };
    expect(await judge({}, { entry })).toEqual(["high entry-moved-in-old-code"]);
    const guid = Buffer.alloc(16, 7);
    expect(await judge({ guid }, { guid, entry })).toEqual(["critical entry-moved-in-old-code"]);
  });

  it("is held when its first bytes are others and hardly anything else is", async () => {
    const hooked = codeBytes();
    hooked.write("H\xb8\x00\x10\x40\x00\x00\x00\x00\x00\xff\xe0", 0, "latin1");
    expect(await judge({ sections: [text()] }, { sections: [text(hooked)] })).toEqual([
      "high entry-overwritten",
    ]);
  });

  it("is held when it jumps out of its section at once", async () => {
    const jumping = codeBytes();
    jumping.writeUInt8(0xe9, 0);
    jumping.writeInt32LE(64 * 1024, 1);
    expect(
      await judge({ sections: [text(), tail("r-x")] }, { sections: [text(jumping), tail("r-x")] }),
    ).toEqual(["high entry-leaves"]);
  });
});

it("is shown where a library had none, and refused when nothing was linked anew", async () => {
  const library = (seed: number, entry: boolean) => {
    const image = buildImage({
      isLibrary: true,
      guid: Buffer.alloc(16, seed),
      sections: [text(codeBytes(64 * 1024, seed))],
    });
    if (!entry) image.writeUInt32LE(0, image.readUInt32LE(0x3c) + 24 + 16);
    return image;
  };
  expect(alarms(await compareImages(entryPoint, library(1, false), library(2, true)))).toEqual([
    "medium entry-gained",
  ]);
  expect(alarms(await compareImages(entryPoint, library(1, false), library(1, true)))).toEqual([
    "critical entry-gained",
  ]);
});

describe("the first instructions of a new build", () => {
  const starting = (start: string, seed: number) => {
    const bytes = codeBytes(64 * 1024, seed);
    bytes.write(start, 0, "hex");
    return { guid: Buffer.alloc(16, seed), sections: [text(bytes)] };
  };
  const PROLOGUE = "48895c240848897424105748";

  it("are held when they became a jump, and shown when they are of another kind", async () => {
    expect(await judge(starting(PROLOGUE, 1), starting("e900010000", 2))).toEqual([
      "high entry-begins-otherwise",
    ]);
    expect(await judge(starting(PROLOGUE, 1), starting("4831c0654c8b6060", 2))).toEqual([
      "medium entry-begins-otherwise",
    ]);
  });

  it("are held when the jump they always were leads to code of another kind", async () => {
    const jumping = (landing: string, seed: number, at = 0x2000) => {
      const bytes = codeBytes(64 * 1024, seed);
      bytes.writeUInt8(0xe9, 0);
      bytes.writeInt32LE(at - 5, 1);
      bytes.write(landing, at, "hex");
      return { guid: Buffer.alloc(16, seed), sections: [text(bytes)] };
    };
    const usual = jumping("488b3c24488d7424", 1);
    expect(await judge(usual, jumping("9090505890e90000", 2))).toEqual(["high entry-begins-otherwise"]);
    expect(await judge(usual, jumping("488b3c24488d7424", 2, 0x2340))).toEqual([]);
  });

  it("are silent when they are the same but for where they lead, or other tools made them", async () => {
    expect(await judge(starting("e8fbc6ffff", 1), starting("e87bc3ffff", 2))).toEqual([]);
    expect(await judge(starting(PROLOGUE, 1), starting(`${PROLOGUE}99`, 2))).toEqual([]);
    // Another register is saved first, as one more is needed; what is not for the caller is not saved.
    expect(await judge(starting("4156565753", 1), starting("5657534883", 2))).toEqual([]);
    expect(await judge(starting("4156565753", 1), starting("5051525355", 2))).toHaveLength(1);
    expect(await judge(starting(PROLOGUE, 1), { ...starting("4883ec28", 2), linker: [2, 39] })).toEqual([]);
    const unmarked = (code: string, seed: number) => ({ ...starting(code, seed), linker: [0, 0] as const });
    expect(await judge(unmarked(PROLOGUE, 1), unmarked("e900010000", 2))).toEqual([]);
  });
});

describe("an ordinary new build", () => {
  it("begins anywhere in its code", async () => {
    expect(
      await judge(
        { guid: Buffer.alloc(16, 1), sections: [text()] },
        {
          guid: Buffer.alloc(16, 2),
          sections: [text(codeBytes(70_000, 5))],
          linker: [2, 39],
          entry: { section: ".text", offsetBytes: 0x5000 },
        },
      ),
    ).toEqual([]);
  });

  it("may change its first instructions together with its tools", async () => {
    expect(
      await judge({ sections: [text()] }, { linker: [2, 39], sections: [text(codeBytes(64 * 1024, 7))] }),
    ).toEqual([]);
  });
});
