/** Installers that makensis of Debian builds at test time: every compressor, both string widths. */

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { debianPackage, debianProgram, hasApt, NO_APT } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { walk } from "../../descent/walk.fixture.ts";
import { buildPeImage } from "../../replica/index.ts";

const run = promisify(execFile);

const TEXT = Buffer.from("a line of an ordinary text, and another\r\n".repeat(3000));
const PROGRAM = buildPeImage({
  content: Buffer.from(Array.from({ length: 70_000 }, (_, at) => (at * at) >> 7)),
});
/** Nothing can compress it: zlib stores such blocks. */
const NOISE = Buffer.concat(
  Array.from({ length: 9000 }, (_, index) => createHash("sha256").update(String(index)).digest()),
);
const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

const script = (settings: string, beforeFile = "", afterFile = ""): string => `${settings}
OutFile "setup.exe"
Name "Demo"
InstallDir "$PROGRAMFILES\\Demo"
Page directory
Page instfiles
Section
  SetOutPath "$INSTDIR"
  ${beforeFile}
  File program.exe
  ${afterFile}
  SetOutPath "$INSTDIR\\docs"
  File text.txt
  File noise.bin
  SetOutPath "$PLUGINSDIR"
  System::Call 'kernel32::GetTickCount()i.r0'
  WriteUninstaller "$INSTDIR\\uninstall.exe"
SectionEnd
Section Uninstall
  Delete "$INSTDIR\\program.exe"
SectionEnd
`;

async function build(...settings: Parameters<typeof script>): Promise<Buffer> {
  const { path, env } = await debianProgram("nsis", {
    file: "usr/bin/makensis",
    needs: ["nsis-common", "zlib1g", "libstdc++6", "libgcc-s1"],
  });
  const folder = await mkdtemp(join(tmpdir(), "sallyport-nsis-"));
  try {
    await writeFile(join(folder, "program.exe"), PROGRAM);
    await writeFile(join(folder, "text.txt"), TEXT);
    await writeFile(join(folder, "noise.bin"), NOISE);
    await writeFile(join(folder, "setup.nsi"), script(...settings));
    const home = join(path, "../../share/nsis");
    await run(path, ["-V1", "-NOCONFIG", "setup.nsi"], {
      cwd: folder,
      env: { ...env, NSISDIR: home, NSISCONFDIR: home },
    });
    return await readFile(join(folder, "setup.exe"));
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe.skipIf(!hasApt())(`installers by makensis (skipped when ${NO_APT})`, () => {
  const compressors = ["off", ...["zlib", "bzip2", "lzma"].flatMap((name) => [name, `/SOLID ${name}`])];
  const settings = compressors.flatMap((compressor) => {
    const compress = compressor === "off" ? "SetCompress off" : `SetCompressor ${compressor}`;
    return [true, false].map((isWide) => `Unicode ${isWide}\n${compress}`);
  });

  it.each([...settings, "Unicode true\nTarget amd64-unicode", "CRCCheck off"])(
    "are opened to the last block: %j",
    async (setting) => {
      const installer = await build(setting);
      const { members, bad } = await walk(installer);
      expect(bad).toEqual([]);
      expect(members.get("overlay")?.format).toBe("nsis");
      expect(members.get("overlay/$INSTDIR/program.exe")?.sha256).toBe(sha256(PROGRAM));
      expect(members.get("overlay/$INSTDIR/docs/text.txt")?.sha256).toBe(sha256(TEXT));
      expect(members.get("overlay/$INSTDIR/docs/noise.bin")?.sha256).toBe(sha256(NOISE));
      expect(members.get("overlay/$PLUGINSDIR/System.dll")?.format).toBe("pe");
      // The uninstaller's own script and data lie in a block, as an installer's do behind the stub.
      expect([...members.values()].filter(({ format }) => format === "nsis")).toHaveLength(2);
    },
  );

  it.each(["zlib", "bzip2", "lzma"])(
    "may compress some files and not their script: %s",
    async (compressor) => {
      const installer = await build(`SetCompressor ${compressor}`, "SetCompress force", "SetCompress off");
      const { members, bad } = await walk(installer);
      expect(bad).toEqual([]);
      expect(members.get("overlay/$INSTDIR/program.exe")?.sha256).toBe(sha256(PROGRAM));
      expect(members.get("overlay/$INSTDIR/docs/text.txt")?.sha256).toBe(sha256(TEXT));
    },
  );

  it("are found out when a byte changed", async () => {
    const installer = await build("SetCompressor zlib");
    installer[1000] = (installer[1000] ?? 0) ^ 1;
    expect((await walk(installer)).bad).toContainEqual(
      expect.stringMatching(/^structure fail overlay: .*checksum/),
    );
  });
});

it.skipIf(!hasApt())(`opens the loader that Debian ships for Windows (skipped when ${NO_APT})`, async () => {
  const home = await debianPackage("win32-loader");
  const { members, bad } = await walk(await readFile(join(home, "usr/share/win32/win32-loader.exe")));
  // makensis left the section table as it was when it grew the resources over the relocations.
  expect(bad).toEqual([]);
  expect(members.get("overlay-leading")?.format).toBe("data");
  const names = [...members.keys()].filter((path) => path.startsWith("overlay/"));
  expect(names).toEqual(expect.arrayContaining(["overlay/$PLUGINSDIR/System.dll"]));
  expect(names.length).toBeGreaterThan(8);
});
