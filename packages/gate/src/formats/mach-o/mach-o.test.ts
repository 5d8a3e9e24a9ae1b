import { createHash } from "node:crypto";
import { contentOf } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { WIDTHS } from "../word.fixture.ts";
import { buildMachO, PROPERTY_LIST, UUID } from "./mach-o.fixture.ts";
import { identify, LITTLE, open, recognise, whole } from "./reading.fixture.ts";

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
});
