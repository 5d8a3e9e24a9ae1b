import { readFile } from "node:fs/promises";
import { Budget, DEFAULT_LIMITS, hasCode } from "@sallyport/core";
import {
  contentOf,
  corpusFile,
  NO_CORPUS,
  npmFile,
  recordingContext,
  sourceOf,
  testBudget,
} from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { WIDTHS } from "../word-fixture.ts";
import { machO } from "./index.ts";
import { ALIGNMENT_BYTES, ARM64, buildFat, buildMachO, UUID, X86_64 } from "./mach-o-fixture.ts";

const LITTLE = { wide: true, littleEndian: true } as const;
const whole = buildMachO(LITTLE);
const intel = { cpu: X86_64, bytes: whole };
const apple = { cpu: ARM64, bytes: buildMachO({ ...LITTLE, cpu: ARM64 }) };
const PROPERTY_LIST = `<?xml version="1.0"?><plist version="1.0"><dict>
  <key>CFBundleIdentifier</key><string>com.example.demo</string>
  <key>CFBundleName</key>
  <string>Demo &amp;lt; Co</string>
  <key>CFBundleShortVersionString</key><string>4.5</string></dict></plist>`;
/** Places in {@link whole}. */
const FIELD = {
  ncmds: 16,
  sizeofcmds: 20,
  firstSize: 36,
  nsects: 32 + 64,
  text: 32 + 48,
  linkedit: 184 + 40,
} as const;

async function open(bytes: Buffer, budget = testBudget()) {
  const { context, findings } = recordingContext(budget);
  const members = [];
  for await (const member of machO.open?.(sourceOf(bytes), context) ?? []) members.push(member);
  return { members, findings };
}

const identify = (bytes: Buffer) => machO.identify?.(sourceOf(bytes), recordingContext().context);
const recognise = (bytes: Buffer): boolean =>
  machO.recognise({ head: bytes.subarray(0, 4096), tail: bytes.subarray(-100), sizeBytes: bytes.length });

function changed(change: (copy: Buffer) => void, bytes: Buffer = whole): Buffer {
  const copy = Buffer.from(bytes);
  change(copy);
  return copy;
}

const lie = (because: string) =>
  expect.objectContaining({
    check: "structure",
    outcome: "fail",
    because: expect.stringContaining(because),
  });

describe("Mach-O", () => {
  it.each(WIDTHS)("reads what a library says of itself: %o", async (width) => {
    expect(recognise(buildMachO(width))).toBe(true);
    expect(await open(buildMachO(width))).toEqual({ members: [], findings: [] });
    expect(await identify(buildMachO(width))).toEqual({
      version: "1.2.3",
      originalName: "@rpath/libdemo.dylib",
      architecture: "x64",
      buildId: UUID,
    });
    expect(await identify(buildMachO({ ...width, propertyList: PROPERTY_LIST }))).toMatchObject({
      product: "Demo &lt; Co",
      version: "4.5",
      originalName: "@rpath/libdemo.dylib",
    });
    expect(await identify(buildMachO({ ...width, libraryVersion: 0 }))).toMatchObject({
      version: "1234.5.6",
    });
  });

  it("hands out what stands behind the code signature", async () => {
    const overlay = Buffer.from("an archive that an installer carries");
    const { members, findings } = await open(buildMachO({ ...LITTLE, overlay }));
    expect(findings).toEqual([]);
    expect(members.map(({ name }) => name)).toEqual(["overlay"]);
    expect(members[0]?.range?.offsetInParentBytes).toBe(whole.length);
    if (members[0] !== undefined) expect(await contentOf(members[0])).toEqual(overlay);
  });

  it.each([
    [
      "a segment past the end",
      changed((copy) => copy.writeUInt32LE(0x10_0000, FIELD.linkedit + 8)),
      "past the end",
    ],
    [
      "segments that share bytes",
      changed((copy) => copy.writeUInt32LE(2049, FIELD.text)),
      "share the same bytes",
    ],
    [
      "bytes behind the load commands",
      buildMachO({ ...LITTLE, commandsFilling: Buffer.from("hide") }),
      "last load",
    ],
    [
      "bytes in the signature's padding",
      buildMachO({ ...LITTLE, signatureFilling: Buffer.from("....hide") }),
      "behind the code signature",
    ],
    [
      "a signature larger than its place",
      changed((copy) => copy.writeUInt32BE(0x1000, copy.length - 12)),
      "larger than its place",
    ],
  ])("reports %s", async (_, bytes, because) => {
    expect((await open(bytes)).findings).toContainEqual(lie(because));
  });

  it("reports bytes behind the signature though the last segment claims them", async () => {
    const grown = changed((copy) => copy.writeUInt32LE(32 + 16 + 4, FIELD.linkedit + 8));
    const { members, findings } = await open(Buffer.concat([grown, Buffer.from("hide")]));
    expect(members).toEqual([]);
    expect(findings).toEqual([lie("behind the code signature")]);
  });

  it.each([
    [
      "more commands than fit",
      (copy: Buffer) => copy.writeUInt32LE(0x7fff_ffff, FIELD.ncmds),
      "artifact.malformed",
    ],
    ["a command of size 0", (copy: Buffer) => copy.writeUInt32LE(0, FIELD.firstSize), "artifact.malformed"],
    [
      "a command beyond the others",
      (copy: Buffer) => copy.writeUInt32LE(0x1_0000, FIELD.firstSize),
      "artifact.malformed",
    ],
    [
      "more sections than fit",
      (copy: Buffer) => copy.writeUInt32LE(0x7fff_ffff, FIELD.nsects),
      "artifact.malformed",
    ],
    [
      "commands past the end",
      (copy: Buffer) => copy.writeUInt32LE(0x1_0000, FIELD.sizeofcmds),
      "artifact.truncated",
    ],
    [
      "more commands than may be held",
      (copy: Buffer) => copy.writeUInt32LE(0x7fff_ffff, FIELD.sizeofcmds),
      "artifact.over-limit",
    ],
  ])("refuses %s", async (_, change, code) => {
    await expect(open(changed(change))).rejects.toMatchObject({ code });
  });

  it("throws nothing but typed errors however a file is cut or flipped", async () => {
    const random = sequence(13);
    const files = WIDTHS.map((width) => buildMachO({ ...width, propertyList: PROPERTY_LIST }));
    for (const bytes of [...files, buildFat([intel, apple]), buildFat([intel, apple], { wide: true })]) {
      for (let length = 0; length < 800; length += 3) await survives(bytes.subarray(0, length));
      for (let length = 800; length < bytes.length; length += 97) await survives(bytes.subarray(0, length));
      for (let round = 0; round < 400; round += 1) {
        const copy = Buffer.from(bytes);
        for (let flips = 0; flips < 3; flips += 1)
          copy[random(round % 2 === 0 ? 500 : copy.length)] = random(256);
        await survives(copy);
      }
    }
  });
});

describe("universal files", () => {
  it.each([false, true])("hand out each slice with its place, 64-bit table: %s", async (wide) => {
    const bytes = buildFat([intel, apple], { wide, overlay: Buffer.from("behind all slices") });
    const { members, findings } = await open(bytes);
    expect(findings).toEqual([]);
    expect(members.map(({ name }) => name)).toEqual(["x86_64", "arm64", "overlay"]);
    expect(members.map(({ range }) => range?.offsetInParentBytes)).toEqual([
      ALIGNMENT_BYTES,
      ALIGNMENT_BYTES * 2,
      ALIGNMENT_BYTES * 2 + apple.bytes.length,
    ]);
    for (const [index, expected] of [intel, apple].entries()) {
      const member = members[index];
      if (member !== undefined) expect(await contentOf(member)).toEqual(expected.bytes);
    }
  });

  it("say what all their slices say alike", async () => {
    expect(await identify(buildFat([intel, apple]))).toEqual({
      version: "1.2.3",
      originalName: "@rpath/libdemo.dylib",
      architecture: "x64+arm64",
    });
    const newer = { cpu: ARM64, bytes: buildMachO({ ...LITTLE, cpu: ARM64, libraryVersion: 0x0002_0000 }) };
    expect(await identify(buildFat([intel, newer]))).not.toHaveProperty("version");
  });

  it.each([
    [
      "bytes behind the table",
      buildFat([intel, apple], { gap: Buffer.from("hidden") }),
      "between the slices",
    ],
    [
      "bytes between slices",
      changed((copy) => copy.write("hide", ALIGNMENT_BYTES + whole.length), buildFat([intel, apple])),
      "between the slices",
    ],
    [
      "slices that share bytes",
      buildFat([intel, { ...apple, at: ALIGNMENT_BYTES + 64 }]),
      "share the same bytes",
    ],
    ["a slice past the end", buildFat([intel, { ...apple, at: 0x7fff_0000 }]), "past the end"],
    ["a slice beyond 2^53", buildFat([intel, { ...apple, at: 2 ** 60 }], { wide: true }), "past the end"],
    ["a slice inside the table", buildFat([intel, { ...apple, at: 16 }]), "inside the table"],
    ["a slice for another processor", buildFat([intel, { cpu: ARM64, bytes: whole }]), "another processor"],
    ["two slices for one processor", buildFat([intel, intel]), "for the same processor"],
    [
      "a slice that is no program",
      buildFat([intel, { cpu: ARM64, bytes: Buffer.alloc(64, 0x41) }]),
      "neither a program",
    ],
    [
      "a universal file inside another",
      buildFat([intel, { cpu: ARM64, bytes: buildFat([apple]) }]),
      "neither a program",
    ],
  ])("report %s", async (_, bytes, because) => {
    expect((await open(bytes)).findings).toContainEqual(lie(because));
  });

  it("may hold static libraries", async () => {
    const archive = { cpu: ARM64, bytes: Buffer.from("!<arch>\nand objects") };
    expect((await open(buildFat([intel, archive]))).findings).toEqual([]);
  });

  it("name twin slices apart", async () => {
    expect((await open(buildFat([intel, intel]))).members.map(({ name }) => name)).toEqual([
      "x86_64",
      "x86_64-2",
    ]);
  });

  it.each([0, 205, 0x7fff_ffff])("are refused when they count %i slices", async (count) => {
    const bytes = changed((copy) => copy.writeUInt32BE(count, 4), buildFat([intel]));
    expect(recognise(bytes)).toBe(true);
    await expect(open(bytes)).rejects.toMatchObject({ code: "artifact.malformed" });
  });

  it("stop looking for hidden bytes when the time is up", async () => {
    let now = 0;
    const budget = new Budget({ ...DEFAULT_LIMITS, milliseconds: 5 }, () => now);
    now = 6;
    await expect(open(buildFat([intel, apple]), budget)).rejects.toMatchObject({
      code: "artifact.over-limit",
    });
  });

  it("are told from Java classes, which begin alike", () => {
    // Version 52, 29 constants, the first of them a Methodref.
    const javaClass = Buffer.concat([
      Buffer.from("cafebabe00000034001d0a0006000f09", "hex"),
      Buffer.alloc(2000, 7),
    ]);
    expect(recognise(javaClass)).toBe(false);
    expect(recognise(changed((copy) => copy.writeUInt16BE(0xffff, 4), javaClass))).toBe(false);
    // The kernel would find the slice behind 51 rows that mean nothing to it.
    const slice = Buffer.from("0100000700000003000008000000001000000000", "hex");
    expect(recognise(changed((copy) => slice.copy(copy, 8 + 51 * 20), javaClass))).toBe(false);
    const both = changed(
      (copy) => slice.copy(copy, 8 + 51 * 20),
      Buffer.concat([javaClass, Buffer.alloc(100)]),
    );
    expect(recognise(both)).toBe(true);
  });
});

describe("real Mach-O files", () => {
  const fat = corpusFile("relic/packages/fatfile.app/Contents/MacOS/dummy");
  it.skipIf(fat === undefined)(`opens both slices of a signed program (${NO_CORPUS} otherwise)`, async () => {
    const bytes = await readFile(fat ?? "");
    const { members, findings } = await open(bytes);
    expect(findings).toEqual([]);
    expect(members.map(({ name }) => name)).toEqual(["x86_64", "arm64"]);
    for (const member of members) {
      const slice = await contentOf(member);
      expect(await open(slice)).toEqual({ members: [], findings: [] });
    }
    expect(await identify(bytes)).toEqual({ architecture: "x64+arm64" });
  });

  const slim = corpusFile("relic/packages/slimfile.app/dummyapp");
  it.skipIf(slim === undefined)(`opens an unsigned program (${NO_CORPUS} otherwise)`, async () => {
    const bytes = await readFile(slim ?? "");
    expect(await open(bytes)).toEqual({ members: [], findings: [] });
    expect(await identify(bytes)).toEqual({
      architecture: "arm64",
      buildId: "f58b6f5f63d1383eb8e1afc8f733bd58",
    });
  });

  it("opens a universal add-on from the registry", async () => {
    const file = await npmFile({
      package: "fsevents",
      version: "2.3.3",
      integrity:
        "sha512-5xoDfX+fL7faATnagmWPpbFtwh/R77WmMMqqHGS65C3vvB0YHrgF+B1YmZ3441tMj5n63k0212XNoJwzlhffQw==",
      path: "fsevents.node",
    });
    const { members, findings } = await open(await readFile(file));
    expect(findings).toEqual([]);
    for (const member of members)
      expect(await open(await contentOf(member))).toEqual({ members: [], findings: [] });
    expect(members.map(({ name }) => name)).toEqual(["x86_64", "arm64"]);
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
