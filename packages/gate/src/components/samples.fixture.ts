/** One ordinary member for each finder, and what is found in it. @module */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { deflateSync } from "node:zlib";
import { elfWith } from "./sections.fixture.ts";

export interface Sample {
  readonly path: string;
  readonly format?: string;
  readonly bytes: Buffer;
  /** Package URLs, or other identifiers, in their order. */
  readonly finds: readonly string[];
}

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const varint = (value: number): number[] =>
  value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
const counted = (text: string | Buffer): Buffer => {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from(varint(bytes.length)), bytes]);
};

/** As the toolchain lays it out: mark, pointer size and flags, 16 bytes that are not used, two texts. */
export const goInformation = (version: string, modules: string): Buffer =>
  Buffer.concat([
    Buffer.from("ff20476f206275696c64696e663a", "hex"),
    Buffer.from([8, 2]),
    Buffer.alloc(16),
    counted(version),
    counted(Buffer.concat([Buffer.alloc(16, 1), Buffer.from(modules), Buffer.alloc(16, 2)])),
  ]);

/** A header as rpm's database keeps it; numbers are int32, everything else text. */
export function rpmHeader(tags: Readonly<Record<number, string | number>>): Buffer {
  const entries: Buffer[] = [];
  let data = Buffer.alloc(0);
  for (const [tag, value] of Object.entries(tags)) {
    const entry = Buffer.alloc(16);
    entry.writeUInt32BE(Number(tag), 0);
    entry.writeUInt32BE(typeof value === "number" ? 4 : 6, 4);
    entry.writeUInt32BE(data.length, 8);
    entry.writeUInt32BE(1, 12);
    entries.push(entry);
    const number = Buffer.alloc(4);
    if (typeof value === "number") number.writeUInt32BE(value);
    data = Buffer.concat([data, typeof value === "number" ? number : Buffer.from(`${value}\0`)]);
  }
  const intro = Buffer.alloc(8);
  intro.writeUInt32BE(entries.length, 0);
  intro.writeUInt32BE(data.length, 4);
  return Buffer.concat([intro, ...entries, data]);
}

/** A real database, as SQLite itself writes it. */
export function sqliteDatabase(fill: (database: DatabaseSync) => void): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "sallyport-sqlite-"));
  try {
    const path = join(folder, "file.sqlite");
    const database = new DatabaseSync(path);
    fill(database);
    database.close();
    return readFileSync(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export const rpmDatabase = (headers: readonly Buffer[]): Buffer =>
  sqliteDatabase((database) => {
    database.exec("CREATE TABLE Packages (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)");
    const insert = database.prepare("INSERT INTO Packages (blob) VALUES (?)");
    for (const header of headers) insert.run(header);
  });

export const samples: Readonly<Record<string, Sample>> = {
  "node-package": {
    path: "app/node_modules/@example/tool/package.json",
    bytes: json({
      name: "@example/tool",
      version: "1.2.3",
      license: "MIT",
      dependencies: { other: "^1.0.0" },
    }),
    finds: ["pkg:npm/%40example/tool@1.2.3"],
  },
  "python-package": {
    path: "site-packages/Example_Tool-1.0.dist-info/METADATA",
    bytes: Buffer.from(
      "Metadata-Version: 2.1\nName: Example_Tool\nVersion: 1.0\nRequires-Dist: other (>=1)\n\nText\n",
    ),
    finds: ["pkg:pypi/example-tool@1.0"],
  },
  "maven-coordinates": {
    path: "app.jar/META-INF/maven/com.example/tool/pom.properties",
    bytes: Buffer.from("#Generated\ngroupId=com.example\nartifactId=tool\nversion=2.0\n"),
    finds: ["pkg:maven/com.example/tool@2.0"],
  },
  "ruby-gem": {
    path: "lib/ruby/specifications/example-1.0.gemspec",
    bytes: Buffer.from(
      'Gem::Specification.new do |s|\n  s.name = "example".freeze\n  s.version = "1.0"\n  s.licenses = ["MIT".freeze]\nend\n',
    ),
    finds: ["pkg:gem/example@1.0"],
  },
  "composer-package": {
    path: "vendor/composer/installed.json",
    bytes: json({
      packages: [{ name: "example/tool", version: "v1.0.0", require: { php: ">=8", "example/other": "*" } }],
    }),
    finds: ["pkg:composer/example/tool@1.0.0"],
  },
  "conda-package": {
    path: "env/conda-meta/example-1.0-0.json",
    bytes: json({ name: "example", version: "1.0", build: "0", subdir: "noarch", depends: ["other >=1"] }),
    finds: ["pkg:conda/example@1.0?build=0&subdir=noarch"],
  },
  "dotnet-dependencies": {
    path: "app/Example.deps.json",
    bytes: json({
      libraries: {
        "Example/1.0.0": { type: "project" },
        "Other.Tool/2.0.0": { type: "package" },
        "runtimepack.Microsoft.NETCore.App.Runtime.win-x64/8.0.1": { type: "runtimepack" },
      },
    }),
    finds: ["pkg:nuget/Other.Tool@2.0.0", "pkg:nuget/Microsoft.NETCore.App.Runtime.win-x64@8.0.1"],
  },
  "distribution-package": {
    path: "var/lib/rpm/rpmdb.sqlite",
    bytes: rpmDatabase([
      rpmHeader({
        1000: "example",
        1001: "1.0",
        1002: "2",
        1003: 1,
        1011: "Fedora Project",
        1022: "noarch",
        1044: "example-1.0-2.src.rpm",
      }),
    ]),
    finds: ["pkg:rpm/fedora/example@1.0-2?arch=noarch&epoch=1&upstream=example-1.0-2.src.rpm"],
  },
  "os-release": {
    path: "etc/os-release",
    bytes: Buffer.from('NAME="Example Linux"\nID=example\nVERSION_ID="12"\n'),
    finds: ["pkg:generic/example@12"],
  },
  "java-runtime": {
    path: "jre/release",
    bytes: Buffer.from('IMPLEMENTOR="Example"\nJAVA_VERSION="17.0.2"\n'),
    finds: ["pkg:generic/openjdk@17.0.2", "cpe:2.3:a:oracle:openjdk:17.0.2:*:*:*:*:*:*:*"],
  },
  "app-bundle": {
    path: "Example.app/Contents/Info.plist",
    bytes: Buffer.from(
      '<?xml version="1.0" encoding="UTF-8"?><plist version="1.0"><dict><key>CFBundleIdentifier</key><string>com.example.app</string><key>CFBundleName</key><string>Example</string><key>CFBundleShortVersionString</key><string>1.0</string></dict></plist>',
    ),
    finds: ["com.example.app"],
  },
  "go-build": {
    path: "bin/tool",
    format: "elf",
    bytes: elfWith({
      ".go.buildinfo": goInformation(
        "go1.24.1",
        "path\texample.com/tool\nmod\texample.com/tool\t(devel)\t\ndep\texample.com/old\tv1.0.0\th1:=\n=>\texample.com/new\tv2.0.0\th1:=\ndep\texample.com/other\tv1.1.0\th1:=\n",
      ),
    }),
    finds: [
      "pkg:golang/stdlib@1.24.1",
      "pkg:golang/example.com/tool",
      "pkg:golang/example.com/new@v2.0.0",
      "pkg:golang/example.com/other@v1.1.0",
    ],
  },
  "rust-crates": {
    path: "bin/tool",
    format: "elf",
    bytes: elfWith({
      ".dep-v0": deflateSync(
        json({
          packages: [
            { name: "example", version: "1.0.0", dependencies: [1], root: true },
            { name: "other", version: "2.0.0" },
            { name: "builder", version: "3.0.0", kind: "build" },
          ],
        }),
      ),
    }),
    finds: ["pkg:cargo/example@1.0.0", "pkg:cargo/other@2.0.0"],
  },
  "named-library": {
    path: "lib/libpython3.11.so.1.0",
    format: "elf",
    bytes: elfWith({ ".rodata": Buffer.from("\0%s.%s\x003.11.4\x004.0.1\0") }),
    finds: ["cpe:2.3:a:python:python:3.11.4:*:*:*:*:*:*:*", "pkg:generic/python@3.11.4"],
  },
  "library-marks": {
    path: "lib/library.so",
    format: "elf",
    bytes: elfWith({
      ".rodata": Buffer.from(
        "\0 inflate 1.2.11 Copyright 1995-2017 Mark Adler \0OpenSSL 1.1.1w  11 Sep 2023\0",
      ),
    }),
    finds: ["cpe:2.3:a:zlib:zlib:1.2.11:*:*:*:*:*:*:*", "pkg:generic/zlib@1.2.11"],
  },
};
