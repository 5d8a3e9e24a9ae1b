import { describe, expect, it } from "vitest";
import { alarms, compareImages } from "../executable/compare.fixture.ts";
import type { ExecutableFacts } from "../executable/facts.ts";
import { buildImage, codeBytes, type ImageRequest } from "../executable/image.fixture.ts";
import { compareMembers, portraitOf } from "../trait.fixture.ts";
import { initialisers } from "./index.ts";

const judge = async (before: ImageRequest, after: ImageRequest): Promise<string[]> =>
  alarms(await compareImages(initialisers, before, after));

const rebuilt = {
  guid: Buffer.alloc(16, 2),
  sections: [{ name: ".text", bytes: codeBytes(70_000, 5), access: "r-x" }],
};
const old = { guid: Buffer.alloc(16, 1) };

describe("a callback of a Windows image", () => {
  it("is refused when it came after linking", async () => {
    expect(await judge(old, { ...old, tlsCallbacks: [64] })).toEqual([
      "critical initialiser-added-after-linking",
    ]);
  });

  it("is held when a new build by the same tools has the first one, and shown when other tools made it", async () => {
    const callback = { ...rebuilt, tlsCallbacks: [64] };
    expect(await judge(old, callback)).toEqual(["high initialiser-kind-gained"]);
    expect(await judge(old, { ...callback, linker: [14, 43] })).toEqual(["medium initialiser-kind-gained"]);
  });

  it("is held when the list of them moved to a new section and grew", async () => {
    const before = buildImage({ ...old, tlsCallbacks: [64] });
    const after = buildImage({ ...rebuilt, tlsCallbacks: [64, 128] });
    after.write(".tls2\0", after.indexOf(".rdata"), "latin1");
    expect(alarms(await compareImages(initialisers, before, after))).toEqual(["high initialiser-list-moved"]);
  });

  it("is held when it stands outside of code", async () => {
    expect(await judge({ ...old, tlsCallbacks: [64] }, { ...rebuilt, tlsCallbacks: [64, 80_000] })).toEqual([
      "high initialiser-outside-code",
      "medium initialiser-added",
    ]);
  });

  it("is shown when a new build has one more", async () => {
    expect(await judge({ ...old, tlsCallbacks: [64] }, { ...rebuilt, tlsCallbacks: [64, 128] })).toEqual([
      "medium initialiser-added",
    ]);
  });

  it("is silent when a new build has as many, wherever they stand in its code", async () => {
    expect(await judge({ ...old, tlsCallbacks: [64] }, { ...rebuilt, tlsCallbacks: [128] })).toEqual([]);
  });
});

describe("constructors of an ELF file", () => {
  const elf = async (counts: Readonly<Record<string, number>>, linkId: string) => {
    const facts = {
      kind: "elf",
      architecture: "x64",
      linkId,
      regions: [],
      buildMarks: {},
      initialisers: { counts, entries: [] },
    } satisfies Partial<ExecutableFacts>;
    return portraitOf([], { bytes: Buffer.from(linkId), format: "elf", values: { executable: facts } });
  };
  const between = async (before: Readonly<Record<string, number>>, after: Readonly<Record<string, number>>) =>
    alarms(compareMembers(initialisers, await elf(before, "aa"), await elf(after, "bb")));

  it("are shown when a library without any gains one", async () => {
    expect(await between({ "init-array": 1 }, { "init-array": 2 })).toEqual([
      "medium initialiser-kind-gained",
    ]);
    expect(await between({}, { ifunc: 1 })).toEqual(["medium initialiser-kind-gained"]);
    expect(await between({}, { "preinit-array": 1 })).toEqual(["high initialiser-kind-gained"]);
  });

  it("are mentioned where there were many, as every program in C++ has", async () => {
    expect(await between({ "init-array": 12 }, { "init-array": 15 })).toEqual(["low initialiser-added"]);
  });

  it("are silent when they only moved to another list, or there is the one that GCC puts everywhere", async () => {
    expect(await between({ "mod-init-func": 3 }, { "init-offsets": 3 })).toEqual([]);
    expect(await between({}, { "init-array": 1 })).toEqual([]);
  });
});
