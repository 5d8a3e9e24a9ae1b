/** Installers that Inno Setup's own compilers made, for each version at hand, and what a stub says of them. */

import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { contentOf, recordingContext, sourceOf } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { walk } from "../../descent/walk.fixture.ts";
import { buildPeImage } from "../../replica/index.ts";
import { withSection } from "../pe/section.fixture.ts";
import { restoreCalls } from "./call-filter.ts";
import { inno } from "./index.ts";
import { buildInstaller, buildProgram, placeBehind } from "./installer.fixture.ts";
import { layoutOf, readVersion } from "./layout.ts";
import { VECTOR_PROGRAM, VECTOR_TEXT, VECTORS } from "./vectors.fixture.ts";

describe("what Inno Setup's compilers write", () => {
  it.each(VECTORS)("is opened to the last byte: $version, $compression", async ({ bytes }) => {
    const { context, findings } = recordingContext();
    const claims: unknown[] = [];
    const own = { ...context, claimIdentity: (identity: unknown) => claims.push(identity) };
    const members: { name: string; bytes: Buffer }[] = [];
    for await (const member of inno.open?.(sourceOf(Buffer.from(bytes, "base64")), own) ?? [])
      members.push({ name: member.name, bytes: await contentOf(member) });
    expect(findings).toEqual([]);
    expect(claims).toEqual([{ product: "Tiny Product", company: "Example", version: "1.2.3" }]);
    expect(members).toEqual([
      { name: "{app}/a.txt", bytes: VECTOR_TEXT },
      { name: "{app}/sub/b.dll", bytes: VECTOR_PROGRAM },
    ]);
  });
});

describe("a whole installer", () => {
  const engine = buildPeImage({ magic: "pe32" });
  const files = { "{app}\\a.txt": Buffer.from("text"), "{sys}\\b.bin": Buffer.alloc(10_000, 1) };

  it("is opened by the table in its stub, engine and libraries included", async () => {
    const library = buildPeImage({ content: Buffer.from("a decompressor") });
    const { members, bad } = await walk(
      buildProgram({ files, library, isSolid: true, method: "zlib" }, engine),
    );
    expect(bad).toEqual([]);
    const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");
    expect(Object.fromEntries([...members].map(([path, { sha256 }]) => [path, sha256]))).toMatchObject({
      "overlay/{app}/a.txt": sha256(files["{app}\\a.txt"]),
      "overlay/{sys}/b.bin": sha256(files["{sys}\\b.bin"]),
      "overlay/setup/engine.exe": sha256(engine),
      "overlay/setup/library-0.dll": sha256(library),
    });
    expect(members.get("overlay")).toMatchObject({
      format: "inno",
      identity: { product: "Demo", company: "Example", version: "1.2.3" },
    });
  });

  it("is opened by the table that older stubs keep behind their DOS header", async () => {
    const old = (table: Buffer) => {
      const stub = withSection(buildPeImage({ magic: "pe32" }), ".data", table);
      stub.writeUInt32LE(0x6f6e_6e49, 0x30);
      const place = stub.length - Math.ceil(table.length / 512) * 512;
      stub.writeUInt32LE(place, 0x34);
      stub.writeUInt32LE(0xffff_ffff - place, 0x38);
      return stub;
    };
    const { table, behind } = placeBehind(old(Buffer.alloc(40)).length, buildInstaller({ files }), engine);
    // The same fields without the table's version, under another mark.
    const fields = Buffer.concat([Buffer.from("72446c507453303787655678", "hex"), table.subarray(16, 40)]);
    const sum = Buffer.alloc(4);
    sum.writeUInt32LE(crc32(fields));
    const { members, bad } = await walk(Buffer.concat([old(Buffer.concat([fields, sum])), behind]));
    expect(bad).toEqual([]);
    expect([...members.keys()]).toEqual(
      expect.arrayContaining(["overlay/{app}/a.txt", "overlay/setup/engine.exe"]),
    );
    fields.write("02", 6);
    const older = await walk(Buffer.concat([old(Buffer.concat([fields, sum])), behind]));
    expect(older.bad).toEqual([expect.stringMatching(/^opened unknown overlay: .*older than version 4.1.6/)]);
  });

  it("may carry no files at all", async () => {
    expect((await walk(buildProgram({ files: {} }))).bad).toEqual([]);
  });

  it("says which version cannot be opened", async () => {
    const { bad } = await walk(buildProgram({ files, version: "8.1.0" }));
    expect(bad).toContainEqual(expect.stringMatching(/^opened unknown overlay: .*Setup Data \(8\.1\.0\)/));
  });

  it("does not open what a password encrypts", async () => {
    const { bad } = await walk(buildProgram({ files, isEncrypted: true }));
    expect(bad).toEqual([
      expect.stringMatching(/^opened unknown overlay\/\{app\}\/a.txt: .*encrypted with a password/),
      expect.stringMatching(/^opened unknown overlay\/\{sys\}\/b.bin: .*encrypted with a password/),
    ]);
  });
});

describe("versions", () => {
  const nameOf = (text: string): Buffer => {
    const name = Buffer.alloc(64);
    name.write(text, "latin1");
    return name;
  };

  it.each(["5.1.0", "5.2.3", "5.5.0 (u)", "6.4.3", "6.5.2", "6.7.0", "7.0.0.3"])(
    "%s has a layout",
    (text) => {
      const [digits = "", mark] = text.split(" ");
      const version = readVersion(nameOf(`Inno Setup Setup Data (${digits})${mark ? ` ${mark}` : ""}`));
      expect(version.text).toBe(text);
      expect(layoutOf(version).location.sizeBytes).toBeGreaterThan(60);
    },
  );

  it.each([
    "Inno Setup Setup Data (4.2.6)",
    "Inno Setup Setup Data (9.0.0)",
    "Inno Setup Setup Data (5.5.0) with ISX (3.0)",
    "My Inno Setup Extensions Setup Data (3.0.6.1)",
    "Inno Setup Setup Data (5.5.0)\0hidden",
  ])("%j is none that can be opened", (text) => {
    expect(() => readVersion(nameOf(text))).toThrow(
      expect.objectContaining({ code: "artifact.unsupported" }),
    );
  });

  /** As the older compilers did to programs: by the formats' descriptions, the other way round. */
  it("restores calls of each generation", async () => {
    const program = Buffer.from("90e810000000e9fbffff0090e8aabbcc1290e80100", "hex");
    for (const kind of ["stream", "blocks", "blocks-signed"] as const) {
      const changed = Buffer.from(program);
      for (let at = 0; at + 5 <= changed.length; at += 1) {
        if (changed[at] !== 0xe8 && changed[at] !== 0xe9) continue;
        const high = changed.readUInt8(at + 4);
        if (kind === "stream") changed.writeUInt32LE((changed.readUInt32LE(at + 1) + at + 5) >>> 0, at + 1);
        else if (
          kind === "blocks-signed" ? isNear(changed.readInt32LE(at + 1)) : high === 0 || high === 0xff
        ) {
          const target = (changed.readUIntLE(at + 1, 3) + at + 5) & 0xff_ffff;
          if (kind === "blocks-signed" && (changed.readUIntLE(at + 1, 3) & 0x80_0000) !== 0)
            changed[at + 4] = high ^ 0xff;
          changed.writeUIntLE(target, at + 1, 3);
        }
        at += 4;
      }
      async function* pieces() {
        for (let at = 0; at < changed.length; at += 3) yield changed.subarray(at, at + 3);
      }
      const restored: Buffer[] = [];
      for await (const piece of restoreCalls(pieces(), kind)) restored.push(piece);
      if (kind === "stream") expect(Buffer.concat(restored).subarray(0, 16)).toEqual(program.subarray(0, 16));
      else expect(Buffer.concat(restored)).toEqual(program);
    }
  });

  const isNear = (value: number): boolean => value >= -0x0100_0000 && value < 0x0100_0000;
});
