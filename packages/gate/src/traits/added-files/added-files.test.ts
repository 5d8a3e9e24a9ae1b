import { describe, expect, it } from "vitest";
import type { Identity } from "../../artifact.ts";
import type { SignatureReport } from "../../signatures/scheme.ts";
import { contextOf, portraitOf } from "../trait.fixture.ts";
import type { Pair } from "../trait.ts";
import { addedFiles } from "./index.ts";

interface File {
  readonly format?: string;
  readonly isSigned?: boolean;
  readonly identity?: Identity;
}
type Files = Readonly<Record<string, File>>;

const SIGNATURE: SignatureReport = {
  scheme: "authenticode",
  integrity: "pass",
  trust: "unknown-root",
  because: "",
  signer: {
    subject: "CN=Example Software",
    commonName: undefined,
    organisation: undefined,
    issuer: "",
    serial: "1",
    sha256: "0",
  },
  chain: [],
  digestAlgorithm: "sha256",
  position: 0,
  facts: {},
};

async function compare(before: Files, after: Files): Promise<string[]> {
  const draw = (path: string, file: File | undefined, content: string) =>
    file === undefined
      ? undefined
      : portraitOf([], {
          path,
          format: file.format ?? "data",
          signatures: file.isSigned ? [SIGNATURE] : [],
          ...(file.identity === undefined ? {} : { identity: file.identity }),
          bytes: Buffer.from(`${path}${content}`),
        });
  const pairs: Pair[] = [];
  for (const path of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [was, now] = [await draw(path, before[path], "1"), await draw(path, after[path], "2")];
    pairs.push({
      before: was,
      after: now,
      how: was === undefined ? "added" : now === undefined ? "removed" : "path",
    });
  }
  const found = addedFiles.compareReleases?.(contextOf(pairs)) ?? [];
  return [...found].map(({ rule, risk, path }) => `${risk} ${rule} ${path}`);
}
const above = (lines: readonly string[]) => lines.filter((line) => !line.startsWith("info"));

const SIGNED: Files = {
  "app/a.exe": { format: "pe", isSigned: true },
  "app/b.dll": { format: "pe", isSigned: true },
  "app/c.dll": { format: "pe", isSigned: true },
};
const SCRIPTS: Files = { "package/package.json": {}, "package/index.js": { format: "javascript" } };
const ELF: Files = { "usr/bin/demo": { format: "elf" }, "usr/share/doc/demo": {} };

describe("programs that came", () => {
  it("are held when they are not signed and all others are", async () => {
    expect(await compare(SIGNED, { ...SIGNED, "app/d.dll": { format: "pe" } })).toEqual([
      "high unsigned-program app/d.dll",
      "info program app/d.dll",
    ]);
  });

  it("are ordinary when they are signed, or unsigned ones were there before", async () => {
    expect(
      above(await compare(SIGNED, { ...SIGNED, "app/d.dll": { format: "pe", isSigned: true } })),
    ).toEqual([]);
    const mixed = { ...SIGNED, "app/plain.dll": { format: "pe" } };
    expect(above(await compare(mixed, { ...mixed, "app/d.dll": { format: "pe" } }))).toEqual([]);
    expect(above(await compare(ELF, { ...ELF, "usr/bin/more": { format: "elf" } }))).toEqual([]);
  });

  it("are held when they are the first, as a native part of a package of scripts", async () => {
    expect(await compare(SCRIPTS, { ...SCRIPTS, "package/build/a.node": { format: "elf" } })).toEqual([
      "high first-program package/build/a.node",
      "info program package/build/a.node",
    ]);
  });

  it("are shown when they are for another system", async () => {
    expect(above(await compare(ELF, { ...ELF, "bin/demo.exe": { format: "pe" } }))).toEqual([
      "low other-system bin/demo.exe",
    ]);
  });

  it("are held under the name of a library of Windows, beside a program", async () => {
    const news = { "app/Version.dll": { format: "pe", isSigned: true } };
    expect(above(await compare(SIGNED, { ...SIGNED, ...news }))).toEqual([
      "high system-name app/Version.dll",
    ]);
    const library = { "lib/winmm.dll": { format: "pe", isSigned: true } };
    expect(above(await compare(SIGNED, { ...SIGNED, ...library }))).toEqual([
      "medium system-name lib/winmm.dll",
    ]);
    for (const name of ["msvcp140.dll", "d3dcompiler_47.dll", "ffmpeg.dll", "versions.dll"]) {
      const ordinary = { [`app/${name}`]: { format: "pe", isSigned: true } };
      expect(above(await compare(SIGNED, { ...SIGNED, ...ordinary }))).toEqual([]);
    }
  });
});

describe("names that deceive", () => {
  it.each([
    ["share/logo.png", "elf", "high disguised share/logo.png"],
    ["share/font.ttf", "pe", "high disguised share/font.ttf"],
    ["share/state.dat", "elf", "medium disguised share/state.dat"],
    ["share/.agent", "elf", "high hidden-program share/.agent"],
    [".cache/agent", "elf", "high hidden-program .cache/agent"],
    ["manual.pdf.exe", "data", "high double-ending manual.pdf.exe"],
    ["photo.jpg      .scr", "data", "high double-ending photo.jpg      .scr"],
  ])("tells %s", async (path, format, line) => {
    const before = { ...ELF, "a.exe": { format: "pe" } };
    expect(above(await compare(before, { ...before, [path]: { format } }))).toEqual([line]);
  });

  it("tells a picture that turned into a program", async () => {
    const before = { ...ELF, "logo.png": {} };
    expect(above(await compare(before, { ...before, "logo.png": { format: "elf" } }))).toEqual([
      "high disguised logo.png",
    ]);
  });

  it.each([
    "index.html.js",
    "demo-1.2.exe",
    ".eslintrc.js",
    "data.tar/./usr/bin/more",
    ".bin/tool",
    "lib.so.1.2",
    "setup.bin",
  ])("takes %s for an ordinary name", async (path) => {
    const before = { ...ELF, "a.exe": { format: "pe" } };
    const format = /js$/.test(path) ? "javascript" : "elf";
    expect(above(await compare(before, { ...before, [path]: { format } }))).toEqual([]);
  });
});

describe("places", () => {
  it.each([
    ["data.tar.xz/content/./etc/cron.d/demo", "high"],
    ["data.tar.xz/content/./usr/local/bin/sudo", "high"],
    ["data.tar.xz/content/./etc/ld.so.conf.d/0-demo.conf", "medium"],
    ["./etc/ld.so.preload", "high"],
    ["etc/profile.d/demo.sh", "high"],
    ["Payload/Library/LaunchDaemons/com.example.plist", "high"],
    ["usr/lib/systemd/system/demo.timer", "medium"],
  ])("tells %s", async (path, risk) => {
    expect(await compare(ELF, { ...ELF, [path]: {} })).toEqual([`${risk} start-place ${path}`]);
  });

  it("shows where a link leads that came to such a place", async () => {
    const link = await portraitOf([], {
      path: "etc/cron.d/demo",
      format: "data",
      bytes: Buffer.from("/opt/demo/job"),
      attributes: { linkTarget: "/opt/demo/job" },
    });
    const context = contextOf([{ before: undefined, after: link, how: "added" }]);
    expect([...(addedFiles.compareReleases?.(context) ?? [])]).toEqual([
      {
        rule: "start-place",
        risk: "high",
        because: "is a new link and is run by cron",
        path: "etc/cron.d/demo",
        after: { text: "/opt/demo/job" },
      },
    ]);
  });

  it("knows a unit again that a distribution moved", async () => {
    expect(
      await compare(
        { ...ELF, "lib/systemd/system/demo.service": {} },
        { ...ELF, "usr/lib/systemd/system/demo.service": {} },
      ),
    ).toEqual([]);
  });
});

describe("installers inside", () => {
  const installer = (names: readonly string[], format = "msi"): Files =>
    Object.fromEntries([
      ["setup/inner.msi", { format }],
      ...names.map((name) => [`setup/inner.msi/${name}`, {}]),
    ]);
  const names = Array.from({ length: 8 }, (_, at) => `part-${"abcdefgh"[at]}.txt`);

  it("are held when they are of another kind, or hold other files", async () => {
    expect(await compare(installer(names), installer([], "nsis"))).toEqual([
      "high installer-swapped setup/inner.msi",
    ]);
    expect(await compare(installer(names), installer(["a.txt", "b.txt"]))).toEqual([
      "high installer-swapped setup/inner.msi",
    ]);
  });

  it("are held when they say they are another product, of another company", async () => {
    const named = (product: string, company: string): Files => ({
      "setup/inner.msi": { format: "msi", identity: { product, company } },
    });
    const before = named("Example Runtime 2", "Example Software Ltd");
    expect(await compare(before, named("Remote Helper", "Another Company"))).toEqual([
      "high installer-swapped setup/inner.msi",
    ]);
    expect(await compare(before, named("Example Runtime 3", "Example Software Holding"))).toEqual([]);
    expect(await compare(before, named("Sample Libraries", "Example Software GmbH"))).toEqual([]);
    expect(await compare(before, named("", ""))).toEqual([]);
  });

  it("may be of the next version", async () => {
    expect(await compare(installer(names), installer([...names.slice(3), "more.txt", "1.txt"]))).toEqual([]);
    expect(await compare(installer(["a-1.0.txt"]), installer(["b-1.1.txt"]))).toEqual([]);
  });
});

it("says nothing of what stayed, was renamed by its version, or went", async () => {
  expect(await compare({ ...SIGNED, "app/x.exe": { format: "pe" } }, SIGNED)).toEqual([]);
  expect(await compare({}, {})).toEqual([]);
});

it("holds what was moved to where it is run, and nothing that was run before", async () => {
  const draw = (path: string) => portraitOf([], { path, format: "data", bytes: Buffer.from("* * * * *") });
  const move = async (from: string, to: string) => {
    const pair: Pair = { before: await draw(from), after: await draw(to), how: "similarity" };
    return [...(addedFiles.compareReleases?.(contextOf([pair])) ?? [])].map(
      ({ rule, risk }) => `${risk} ${rule}`,
    );
  };
  expect(await move("usr/share/doc/demo/examples/demo", "etc/cron.d/demo")).toEqual(["high start-place"]);
  expect(await move("etc/cron.d/demo", "etc/cron.daily/demo")).toEqual([]);
  expect(await move("usr/share/a/demo", "usr/share/b/demo")).toEqual([]);
});

describe("compiled Python", () => {
  const before = { "demo/a.py": {}, "demo/b.py": {} };

  it("is held without its source, and looked at beside it, where there was none", async () => {
    const cached = "demo/__pycache__/a.cpython-313.pyc";
    expect(await compare(before, { "demo/a.pyc": {}, "demo/b.py": {} })).toEqual([
      "high compiled-script demo/a.pyc",
    ]);
    expect(await compare(before, { ...before, [cached]: {} })).toEqual([`medium compiled-script ${cached}`]);
  });

  it("is ordinary where there was some", async () => {
    const had = { "demo/a.pyc": {} };
    expect(await compare(had, { ...had, "demo/c.pyc": {} })).toEqual([]);
  });
});
