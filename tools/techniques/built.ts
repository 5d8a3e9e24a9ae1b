/** Releases made in code: an ordinary one and the next, of every kind. @module */

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { buildPeImage } from "@sallyport/gate/replica";
import { ARM64, buildMachO, X86_64 } from "../../packages/gate/src/formats/mach-o/mach-o.fixture.ts";
import { joinSlices, signImage } from "./edit/mach-o.ts";
import { picture } from "./filling.ts";
import type { File, Release, ReleaseKind } from "./release.ts";
import type { Releases } from "./technique.ts";
import type { World } from "./world.ts";

const run = promisify(execFile);

const FIRST = "4.1.0";

/** @returns two ordinary releases */
export async function builtReleases(kind: ReleaseKind, world: World): Promise<Releases> {
  const build = async (version: string): Promise<Release> => {
    const files = new Map<string, File>();
    for (const [path, [bytes, mode = 0o644]] of Object.entries(await CONTENT[kind](version, world)))
      files.set(path, { bytes: Buffer.from(bytes), mode });
    return { kind, name: "example-tool", version, files };
  };
  return { before: await build(FIRST), after: await build("4.1.1") };
}

type Content = Readonly<Record<string, readonly [Buffer | string, number?]>>;
type Builder = (version: string, world: World) => Promise<Content> | Content;

const CONTENT: Readonly<Record<ReleaseKind, Builder>> = {
  windows: windowsContent,
  installer: windowsContent,
  macos: (version) => ({
    "Example.app/Contents/Frameworks/libexample.dylib": [joinSlices(...slicesOf(version)), 0o755],
    "Example.app/Contents/Resources/readme.txt": [`Example ${version}\n`],
  }),
  linux: async (version) => ({
    "bin/example-tool": [await compile(version), 0o755],
    "readme.txt": [`Example ${version}\n`],
  }),
  javascript: javascriptContent,
  electron: javascriptContent,
  debian: async (version) => ({
    ...debianControl(version, "amd64"),
    "usr/bin/example-tool": [await compile(version), 0o755],
    "usr/share/doc/example-tool/copyright": ["Apache-2.0\n"],
  }),
  python: (version) => ({
    ...debianControl(version, "all"),
    "usr/lib/python3/dist-packages/example/__init__.py": [`"""Example."""\n\nVERSION = "${version}"\n`],
    "usr/lib/python3/dist-packages/example/table.py": [
      `def lines(rows):\n    """One line for each row."""\n    return ["\\t".join(row) for row in rows]\n`,
    ],
  }),
};

function windowsContent(version: string, world: World): Content {
  const image = (name: string, description: string): Buffer =>
    world.sign(
      markLinker(
        buildPeImage({
          content: code(`${name} ${version}`),
          buildGuid: createHash("md5").update(`${name} ${version}`).digest(),
          version: {
            CompanyName: "Example Software Ltd",
            FileDescription: description,
            FileVersion: version,
            OriginalFilename: name,
            ProductName: "Example Tool",
            ProductVersion: version,
          },
        }),
      ),
      "vendor",
      new Date(version === FIRST ? "2025-12-01T10:00:00Z" : "2026-03-01T10:00:00Z"),
    );
  return {
    "example.exe": [image("example.exe", "Example Tool"), 0o755],
    "codec.dll": [image("codec.dll", "Sound and pictures"), 0o755],
    "network.dll": [image("network.dll", "Speaks with the service"), 0o755],
    "readme.txt": [`Example Tool ${version}\r\nhttps://docs.example.com/tool\r\n`],
  };
}

/** As a linker leaves its version. Source: Microsoft, PE Format, Optional Header Standard Fields. */
function markLinker(image: Buffer): Buffer {
  const marked = Buffer.from(image);
  marked.set([14, 39], image.readUInt32LE(0x3c) + 26);
  return marked;
}

/**
 * What compilers let a program begin with, text in place of the other code, and filling behind it as a linker leaves
 * it: less than a page, which the builder allows for.
 */
function code(text: string): Buffer {
  const start = Buffer.from("4883ec28e8d70200004883c428e97afeffffcccc", "hex");
  const rest = Buffer.alloc(3400 - start.length, `${text}\r\n`, "latin1");
  return Buffer.concat([start, rest, Buffer.alloc(576)]);
}

function slicesOf(version: string): [Buffer, Buffer] {
  const last = Number(version.split(".").at(-1));
  const shape = {
    wide: true,
    littleEndian: true,
    signatureFilling: Buffer.alloc(8),
    libraryVersion: 0x0004_0100 + last,
  };
  return [signImage(buildMachO({ ...shape, cpu: X86_64 })), signImage(buildMachO({ ...shape, cpu: ARM64 }))];
}

function javascriptContent(version: string): Content {
  const manifest = {
    name: "example-tool",
    version,
    description: "Formats tables",
    license: "Apache-2.0",
    main: "index.js",
    scripts: { test: "node test/run.js" },
    dependencies: { chalk: "^5.3.0", commander: "^12.0.0", debug: "^4.3.4" },
  };
  return {
    "package.json": [`${JSON.stringify(manifest, undefined, 2)}\n`],
    "index.js": [
      [
        `"use strict";`,
        `const { send } = require("./lib/telemetry.js");`,
        `const version = "${version}";`,
        `function format(rows) {`,
        `  send("format", { rows: rows.length, version });`,
        `  return rows.map((row) => row.join("\\t")).join("\\n");`,
        `}`,
        `module.exports = { format, version };`,
        "",
      ].join("\n"),
    ],
    "lib/telemetry.js": [
      [
        `"use strict";`,
        `const https = require("node:https");`,
        `const HOST = "telemetry.example.com";`,
        `function send(event, fields) {`,
        `  if (process.env.EXAMPLE_TELEMETRY !== "1") return;`,
        `  const request = https.request({ host: HOST, path: "/v1/events", method: "POST" });`,
        `  request.end(JSON.stringify({ event, ...fields }));`,
        `}`,
        `module.exports = { send };`,
        "",
      ].join("\n"),
    ],
    "assets/logo.png": [picture(version)],
    "README.md": [`# Example\n\nVersion ${version}. See https://docs.example.com/tool.\n`],
  };
}

const debianControl = (version: string, architecture: string): Content => ({
  "DEBIAN/control": [
    [
      "Package: example-tool",
      `Version: ${version}`,
      `Architecture: ${architecture}`,
      "Maintainer: Example Software <packages@example.com>",
      "Description: Formats tables",
      "",
    ].join("\n"),
  ],
});

/** With Debian's gcc: a program with initialisers, a build id, and some functions. */
async function compile(version: string): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), "compile-"));
  try {
    const functions = Array.from(
      { length: 80 },
      (_, index) =>
        `int part_${index}(int value) { return value * ${index + 3} + ${version.replaceAll(".", "")}; }`,
    );
    const calls = Array.from({ length: 80 }, (_, index) => `  sum += part_${index}(sum);`);
    const text = [
      "#include <stdio.h>",
      ...functions,
      `__attribute__((constructor)) static void begin(void) { setvbuf(stdout, NULL, _IOLBF, 0); }`,
      "int main(int count, char **words) {",
      "  int sum = count;",
      ...calls,
      `  printf("example ${version} %d %s\\n", sum, words[0]);`,
      "  return 0;",
      "}",
      "",
    ];
    await writeFile(join(folder, "example.c"), text.join("\n"));
    await run("gcc", ["-O1", "-Wl,--build-id", "-o", "example", "example.c"], { cwd: folder });
    return await readFile(join(folder, "example"));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
