import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { corpusFile, NO_CORPUS } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { buildZip } from "../../formats/zip/zip.fixture.ts";
import { writeZip } from "../../replica/zip-archive.ts";
import { readCodeDirectory } from "../../signatures/apple-code/code-directory.ts";
import { signMachO } from "../../signatures/apple-code/signing.fixture.ts";
import { writeTar, writeTgz } from "../package.fixture.ts";
import {
  type AppShape,
  buildApp,
  type Files,
  inFolder,
  problemsOf,
  sealFile,
  writeList,
} from "./app-bundle.fixture.ts";

const CONTENTS = "Demo.app/Contents/";
const RESOURCES: Files = {
  "Resources/a.txt": Buffer.from("a"),
  "Resources/en.lproj/b.strings": Buffer.from("b"),
};
const inTar = (files: Files) => writeTar(inFolder(CONTENTS, files));
const problems = async (files: Files) => problemsOf(await inTar(files));
const app = (shape: Partial<AppShape> = {}) => buildApp({ resources: RESOURCES, ...shape });

/** What a signed program is called by. */
function codeHashOf(program: Buffer, signatureAt: number): string {
  const directoryAt = signatureAt + program.readUInt32BE(signatureAt + 16);
  const bytes = program.subarray(directoryAt, directoryAt + program.readUInt32BE(directoryAt + 4));
  readCodeDirectory(bytes);
  return createHash("sha256").update(bytes).digest().subarray(0, 20).toString("base64");
}

describe("a signed app", () => {
  it("is whole in a tar, a zip and a package of npm", async () => {
    expect(await problems(app())).toEqual([]);
    const files = inFolder(CONTENTS, app());
    const zip = writeZip(Object.entries(files).map(([name, bytes]) => ({ name, bytes: Buffer.from(bytes) })));
    expect(await problemsOf(zip)).toEqual([]);
    const npm = await writeTgz({
      "package/package.json": '{"name":"demo","version":"1.0.0"}',
      ...inFolder(`package/vendor/${CONTENTS}`, app()),
    });
    expect(await problemsOf(npm)).toEqual([]);
  });

  it("is whole in a zip of macOS, which says of no name that it is UTF-8", async () => {
    const resources = { ...RESOURCES, "Resources/ümläut 世界.txt": Buffer.from("c") };
    const files = inFolder(CONTENTS, app({ resources }));
    const parts = Object.entries(files).map(([name, bytes]) => ({
      name,
      bytes: Buffer.from(bytes),
      flags: 0,
    }));
    const ditto = buildZip(parts.map((part) => ({ ...part, madeBy: 3, attributes: 0x81a40000 })));
    expect(await problemsOf(ditto)).toEqual([]);
    expect(await problemsOf(buildZip(parts))).not.toEqual([]);
  });

  it("may lack what is optional, and hold what is never listed", async () => {
    const optional = {
      "Resources/de.lproj/b.strings": sealFile(Buffer.from("x"), "<key>optional</key><true/>"),
    };
    const files = {
      ...app({ entries: optional }),
      CodeResources: Buffer.from("s8ch a stapled ticket"),
      "Resources/.DS_Store": Buffer.from("x"),
      "Resources/._a.txt": Buffer.from("attributes of a.txt"),
    };
    expect(await problems(files)).toEqual([]);
    const alone = { ...app(), "Resources/._c.txt": Buffer.from("attributes of nothing") };
    expect(await problems(alone)).toEqual([expect.stringMatching(/_c\.txt: fail/)]);
  });

  it("finds a name that a file system has taken apart", async () => {
    const files = app({ resources: { "Resources/\u00e4.txt": Buffer.from("a") } });
    const { "Resources/\u00e4.txt": bytes = Buffer.alloc(0), ...rest } = files;
    expect(await problems({ ...rest, "Resources/a\u0308.txt": bytes })).toEqual([]);
    const both = { ...files, "Resources/a\u0308.txt": Buffer.from("other") };
    expect(await problems(both)).toContainEqual(expect.stringMatching(/fail: has the name of another file/));
  });

  it.each<[string, Files, RegExp]>([
    [
      "a resource was changed",
      { ...app(), "Resources/a.txt": Buffer.from("other") },
      /a\.txt: fail: was changed/,
    ],
    [
      "a resource was added",
      { ...app(), "Resources/c.dylib": Buffer.from("c") },
      /c\.dylib: fail: .*nothing seals/,
    ],
    [
      "a file was added beside the program",
      { ...app(), "MacOS/more": Buffer.from("c") },
      /more: fail: .*nothing/,
    ],
    [
      "the Info.plist was changed",
      { ...app(), "Info.plist": Buffer.from("other") },
      /Info\.plist: fail: is not/,
    ],
    [
      "the list of resources was changed",
      { ...app(), "_CodeSignature/CodeResources": writeList({}) },
      /CodeResources: fail: is not the list/,
    ],
    [
      "a resource is missing",
      Object.fromEntries(Object.entries(app()).filter(([name]) => name !== "Resources/a.txt")),
      /a\.txt: fail: was sealed, and is missing/,
    ],
    [
      "the list of resources is missing",
      Object.fromEntries(Object.entries(app()).filter(([name]) => !name.startsWith("_Code"))),
      /demo: fail: the list of its resources.*missing/,
    ],
    [
      "the Info.plist is missing",
      Object.fromEntries(Object.entries(app()).filter(([name]) => name !== "Info.plist")),
      /demo: fail: its Info\.plist.*missing/,
    ],
    [
      "a link leads elsewhere",
      {
        ...app({ entries: { "Resources/link": "<dict><key>symlink</key><string>a.txt</string></dict>" } }),
        "Resources/link": Buffer.from("../../x"),
      },
      /link: fail: was sealed as a link/,
    ],
  ])("fails when %s", async (_, files, because) => {
    expect(await problems(files)).toEqual([expect.stringMatching(because)]);
  });

  it("is unknown where its signer left files out by rules of its own", async () => {
    const rules = "<dict><key>^Resources/free/</key><dict><key>omit</key><true/></dict></dict>";
    const files = { ...app({ rules }), "Resources/free/a": Buffer.from("x") };
    expect(await problems(files)).toEqual([expect.stringMatching(/unknown: .*nothing seals it/)]);
  });

  it("is unknown where only SHA-1 seals a file, or the list is of the old kind", async () => {
    const old = { "Resources/old": `<data>${createHash("sha1").update("x").digest("base64")}</data>` };
    const files = { ...app({ entries: old }), "Resources/old": Buffer.from("x") };
    expect(await problems(files)).toEqual([expect.stringMatching(/unknown: is sealed by SHA-1/)]);
  });

  it("names no more than a few of thousands of files", async () => {
    const added = Object.fromEntries(
      Array.from({ length: 500 }, (_, index) => [`Resources/${index}`, Buffer.from("x")]),
    );
    const found = await problems({ ...app(), ...added });
    expect(found).toHaveLength(21);
    expect(found.at(-1)).toMatch(/480 more of its files/);
  });

  it("is the same however its names are spelled, and a file that another spelling adds is not sealed", async () => {
    const dotted = inFolder(`./${CONTENTS}`, app());
    expect(await problemsOf(await writeTar(dotted))).toEqual([]);
    const added = { ...dotted, [`${CONTENTS}Resources/c`]: Buffer.from("c") };
    expect(await problemsOf(await writeTar(added))).toEqual([
      expect.stringMatching(/c: fail: .*nothing seals/),
    ]);
    const twice = { ...dotted, [`${CONTENTS}Resources/a.txt`]: Buffer.from("other") };
    expect(await problemsOf(await writeTar(twice))).toContainEqual(
      expect.stringMatching(/fail: is there twice/),
    );
  });

  it("is not looked for around a program that was taken out of its bundle", async () => {
    const { "MacOS/demo": program = Buffer.alloc(0) } = app();
    expect(await problemsOf(await writeTar({ "bin/demo": program, "bin/more": "x" }))).toEqual([]);
  });

  it("is unknown when its program was replaced by a signed one that covers no bundle", async () => {
    const files = { ...app(), "MacOS/demo": signMachO({ identifier: "tool" }).bytes };
    expect(await problems(files)).toEqual([expect.stringMatching(/CodeResources: unknown: lists resources/)]);
  });

  it("seals nothing when nobody signed it", async () => {
    const files = {
      ...app({ signing: { signer: undefined, flags: 2 } }),
      "Resources/more": Buffer.from("x"),
    };
    expect(await problems(files)).toEqual([]);
  });
});

it("asks about what stands in a framework beside its sealed version, links into it excepted", async () => {
  const version = Object.fromEntries(
    Object.entries(app()).map(([name, bytes]) => [name.replace(/^MacOS\/demo$/, "X"), bytes]),
  );
  const files = {
    ...inFolder("X.framework/Versions/A/", version),
    "X.framework/X": Buffer.from("Versions/Current/X"),
    "X.framework/Versions/Current": Buffer.from("A"),
  };
  expect(await problemsOf(await writeTar(files))).toEqual([]);
  const more = { ...files, "X.framework/Versions/B/X": Buffer.from("x") };
  expect(await problemsOf(await writeTar(more))).toEqual([
    expect.stringMatching(/Versions\/B\/X: unknown: stands in a signed framework/),
  ]);
});

describe("code inside an app", () => {
  const inner = signMachO({ identifier: "inner" });
  const sealed = (hash: string) =>
    `<dict><key>cdhash</key><data>${hash}</data><key>requirement</key><string>x</string></dict>`;
  const withInner = (name: string, hash = codeHashOf(inner.bytes, inner.signatureAt)): Files => ({
    ...app({ entries: { [name]: sealed(hash) } }),
  });

  it("is known by its own signature, a file or a bundle of its own", async () => {
    expect(await problems({ ...withInner("MacOS/helper"), "MacOS/helper": inner.bytes })).toEqual([]);
    const framework = { "Frameworks/X.framework/Versions/A/X": inner.bytes };
    expect(await problems({ ...withInner("Frameworks/X.framework"), ...framework })).toEqual([]);
  });

  it.each<[string, Files, RegExp]>([
    [
      "is other code",
      { ...withInner("MacOS/helper"), "MacOS/helper": signMachO({ identifier: "x" }).bytes },
      /fail: is not the code/,
    ],
    ["is missing", withInner("MacOS/helper"), /fail: was sealed as code, and is missing/],
    [
      "is nobody's",
      { ...withInner("MacOS/helper"), "MacOS/helper": signMachO({ signer: undefined, flags: 2 }).bytes },
      /unknown: was sealed as code/,
    ],
  ])("is told when it %s", async (_, files, because) => {
    expect(await problems(files)).toEqual([expect.stringMatching(because)]);
  });
});

it.skipIf(corpusFile("relic/packages/dummy.dmg") === undefined)(
  `lets an app that nobody signed be (${NO_CORPUS} otherwise)`,
  async () => {
    expect(await problemsOf(await readFile(corpusFile("relic/packages/dummy.dmg") ?? ""))).toEqual([]);
  },
);
