import { describe, expect, it } from "vitest";
import { buildElfImage, type ElfImage } from "../../formats/elf/image.fixture.ts";
import { buildMachImage, type MachImage } from "../../formats/mach-o/image.fixture.ts";
import { ARM64, buildFat, X86_64 } from "../../formats/mach-o/mach-o.fixture.ts";
import { executable } from "../executable/index.ts";
import { contextOf, portraitOf } from "../trait.fixture.ts";
import type { Difference, Pair, Portrait, Risk } from "../trait.ts";
import { slices } from "./index.ts";

type Found = Difference & { readonly path: string };
type Slices = Readonly<Record<string, MachImage>>;
const CPU = { x86_64: X86_64, arm64: ARM64 } as const;
const OLD_CODE = Buffer.alloc(64, 0x11);
const NEW_CODE = Buffer.alloc(96, 0x22);
const NETWORK: MachImage["imports"] = [
  ["_socket", 1],
  ["_connect", 1],
];

/** The universal file and its slices. */
async function universal(images: Slices, path = "Demo.app/demo"): Promise<Portrait[]> {
  const built = Object.entries(images).map(([name, image]) => {
    const cpu = name === "x86_64" ? CPU.x86_64 : CPU.arm64;
    return { name, cpu, bytes: buildMachImage({ code: OLD_CODE, ...image, cpu }) };
  });
  const whole = { path, bytes: buildFat(built), format: "mach-o" };
  return Promise.all([
    portraitOf([executable], whole),
    ...built.map(({ name, bytes }) =>
      portraitOf([executable], { path: `${path}/${name}`, bytes, format: "mach-o" }),
    ),
  ]);
}

async function files(images: Readonly<Record<string, ElfImage>>): Promise<Portrait[]> {
  return Promise.all(
    Object.entries(images).map(([path, image]) => {
      const bytes = buildElfImage({ code: OLD_CODE, ...image });
      // The field of the processor in the file header.
      bytes.writeUInt16LE(path.includes("arm64") ? 183 : 62, 18);
      return portraitOf([executable], { path, bytes, format: "elf" });
    }),
  );
}

function compare(before: readonly Portrait[], after: readonly Portrait[]): Found[] {
  const pairs = after.map((portrait): Pair => {
    const old = before.find(({ member }) => member.path === portrait.member.path);
    return { before: old, after: portrait, how: old === undefined ? "added" : "path" };
  });
  return [...(slices.compareReleases?.(contextOf(pairs)) ?? [])];
}

const told = (differences: readonly Found[]): [string, Risk, string][] =>
  differences.map(({ rule, risk, path }) => [rule, risk, path]);
const both = (image: MachImage): Slices => ({ x86_64: image, arm64: image });
const INTEL = "Demo.app/demo/x86_64";

describe("one slice of a universal file", () => {
  it("holds one that alone gained an initialiser, though both were built anew", async () => {
    const after = {
      x86_64: { code: NEW_CODE, initialisers: 1, uuid: "aa".repeat(16) },
      arm64: { code: NEW_CODE, uuid: "bb".repeat(16) },
    };
    const differences = compare(await universal(both({})), await universal(after));
    expect(told(differences)).toEqual([["slice-runs-more", "high", INTEL]]);
    expect(differences[0]?.because).toContain("x86_64");
  });

  it("holds one that gained one more where all ran as many, and stays low where they never did", async () => {
    const after = {
      x86_64: { code: NEW_CODE, initialisers: 3, uuid: "aa".repeat(16) },
      arm64: { code: NEW_CODE, initialisers: 2, uuid: "bb".repeat(16) },
    };
    const rule = async (before: Slices): Promise<[string, Risk, string][]> =>
      told(compare(await universal(before), await universal(after)));
    expect(await rule(both({ initialisers: 2 }))).toEqual([["slice-runs-more", "high", INTEL]]);
    expect(await rule({ x86_64: { initialisers: 2 }, arm64: { initialisers: 3 } })).toEqual([
      ["slice-runs-more", "low", INTEL],
    ]);
    expect(await rule(both({ initialisers: 3 }))).toEqual([]);
  });

  it("refuses one that alone gained an initialiser, and the other is what it was", async () => {
    const after = { x86_64: { code: NEW_CODE, initialisers: 1 }, arm64: {} };
    expect(told(compare(await universal(both({})), await universal(after)))).toEqual([
      ["slice-runs-more", "critical", INTEL],
    ]);
  });

  it("refuses one that alone runs more first and can use the network", async () => {
    const after = {
      x86_64: { code: NEW_CODE, initialisers: 3, imports: NETWORK },
      arm64: { code: NEW_CODE, initialisers: 2 },
    };
    expect(told(compare(await universal(both({ initialisers: 2 })), await universal(after)))).toEqual([
      ["slice-gained-alone", "critical", INTEL],
    ]);
  });

  it("holds one whose code alone was changed", async () => {
    expect(
      told(compare(await universal(both({})), await universal({ x86_64: { code: NEW_CODE }, arm64: {} }))),
    ).toEqual([["slice-changed-alone", "high", INTEL]]);
  });

  it("tells of a library that one alone needs", async () => {
    const libraries = ["/usr/lib/libSystem.B.dylib", "@rpath/libextra.dylib"];
    const after = { x86_64: { code: NEW_CODE, libraries }, arm64: { code: NEW_CODE } };
    expect(told(compare(await universal(both({})), await universal(after)))).toEqual([
      ["slice-needs-more", "medium", INTEL],
    ]);
  });

  it.each<[string, Slices, Slices]>([
    ["both gained an initialiser", both({}), both({ code: NEW_CODE, initialisers: 1 })],
    ["both gained the network", both({}), both({ code: NEW_CODE, imports: NETWORK })],
    [
      "one always ran more first",
      { x86_64: { initialisers: 3 }, arm64: {} },
      { x86_64: { code: NEW_CODE, initialisers: 3 }, arm64: { code: NEW_CODE } },
    ],
    [
      "both gained some, one more than the other",
      both({ initialisers: 1 }),
      { x86_64: { code: NEW_CODE, initialisers: 4 }, arm64: { code: NEW_CODE, initialisers: 2 } },
    ],
    [
      "only memory for code is made in another way",
      both({}),
      {
        x86_64: { code: NEW_CODE },
        arm64: { code: NEW_CODE, imports: [["_pthread_jit_write_protect_np", 1]] },
      },
    ],
    [
      "only Swift's libraries are the system's in one",
      both({}),
      {
        x86_64: {
          code: NEW_CODE,
          libraries: ["/usr/lib/libSystem.B.dylib", "@rpath/libswift_Concurrency.dylib"],
        },
        arm64: { code: NEW_CODE },
      },
    ],
    ["nothing was changed", both({}), both({})],
  ])("says nothing when %s", async (_, before, after) => {
    expect(compare(await universal(before), await universal(after))).toEqual([]);
  });

  it("says in passing that a slice came along", async () => {
    expect(told(compare(await universal({ x86_64: {} }), await universal(both({ code: NEW_CODE }))))).toEqual(
      [["slices-changed", "info", "Demo.app/demo"]],
    );
  });

  it("tells of a new file that runs something first in one slice alone", async () => {
    const after = await universal({ x86_64: { initialisers: 1 }, arm64: {} });
    expect(told(compare([], after))).toEqual([["slice-unlike-others", "low", "Demo.app/demo"]]);
  });
});

describe("one of several builds", () => {
  const [X64, ARM] = ["prebuilds/linux-x64/demo.node", "prebuilds/linux-arm64/demo.node"];

  it("holds one that alone can use the network", async () => {
    const after = { [X64]: { code: NEW_CODE, imports: ["connect", "socket"] }, [ARM]: { code: NEW_CODE } };
    const differences = compare(await files({ [X64]: {}, [ARM]: {} }), await files(after));
    expect(told(differences)).toEqual([["slice-can-more", "high", X64]]);
  });

  it("says nothing when one was built anew and the other not yet", async () => {
    expect(
      compare(await files({ [X64]: {}, [ARM]: {} }), await files({ [X64]: { code: NEW_CODE }, [ARM]: {} })),
    ).toEqual([]);
  });

  it("says nothing when all can use the network now", async () => {
    const image = { code: NEW_CODE, imports: ["connect"] };
    expect(
      compare(await files({ [X64]: {}, [ARM]: {} }), await files({ [X64]: image, [ARM]: image })),
    ).toEqual([]);
  });
});
