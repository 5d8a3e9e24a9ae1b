import { createHash } from "node:crypto";
import { contentOf } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { WIDTHS } from "../word.fixture.ts";
import { buildFat, buildMachO, UUID } from "./mach-o.fixture.ts";
import {
  apple,
  changed,
  identify,
  intel,
  LITTLE,
  lie,
  open,
  recognise,
  sequence,
  survives,
  whole,
} from "./reading.fixture.ts";

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
  uuid: 184 + 72 + 24 + 48,
} as const;

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

  it("takes the newlines that libtool fills object files up with for filling, and those of programs not", async () => {
    const library = buildMachO({ ...LITTLE, overlay: Buffer.from("\n\n\n\n") });
    expect((await open(library)).members).toHaveLength(1);
    library.writeUInt32LE(1, 12);
    expect((await open(library)).members).toEqual([]);
    expect((await open(Buffer.concat([library, Buffer.from("\n\n\n\n")]))).members).toHaveLength(1);
  });

  it("knows the page hashes that an older signature left behind the newer one, and nothing else", async () => {
    const empty = buildMachO({ ...LITTLE, signatureFilling: Buffer.alloc(40) });
    const code = empty.subarray(0, empty.length - 48);
    const hash = createHash("sha256").update(code).digest();
    const left = (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(40 - bytes.length)]);
    const lies = async (signatureFilling: Buffer) =>
      (await open(buildMachO({ ...LITTLE, signatureFilling }))).findings.map(({ because }) => because);
    expect(await lies(left(hash))).toEqual([]);
    expect(await lies(left(hash.subarray(5, 30)))).toEqual([]);
    for (const bytes of [Buffer.concat([hash, Buffer.from("x")]), hash.toReversed()])
      expect(await lies(left(Buffer.from(bytes)))).toEqual([expect.stringMatching(/nothing covers/)]);
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
      buildMachO({ ...LITTLE, signatureFilling: Buffer.alloc(20_000, "hide") }),
      "behind the code signature",
    ],
    ["two code signatures", changed((copy) => copy.writeUInt32LE(0x1d, FIELD.uuid)), "two code signatures"],
    [
      "a signature larger than its place",
      changed((copy) => copy.writeUInt32BE(0x1000, copy.length - 12)),
      "larger than its place",
    ],
  ])("reports %s", async (_, bytes, because) => {
    expect((await open(bytes)).findings).toContainEqual(lie(because));
  });

  it("says that a file with a segment past the end is cut short", async () => {
    const bytes = changed((copy) => copy.writeUInt32LE(0x10_0000, FIELD.linkedit + 8));
    expect((await open(bytes)).findings).toContainEqual(
      expect.objectContaining({
        check: "opened",
        outcome: "unknown",
        because: expect.stringContaining("past the end"),
      }),
    );
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
