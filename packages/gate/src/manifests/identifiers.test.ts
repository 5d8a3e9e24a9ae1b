import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { type Files, takeApart, writeTar, writeTgz } from "./package.fixture.ts";

const npm: Files = { "package/package.json": '{"name":"@example/tool","version":"1.0.0"}' };

const identifiersOf = async (bytes: Uint8Array): Promise<string[]> => {
  const { root } = await takeApart(bytes);
  return (root.identifiers ?? []).map(({ kind, value }) => `${kind} ${value}`);
};

it.each<readonly [string, Files, string]>([
  ["npm", npm, "purl pkg:npm/%40example/tool@1.0.0"],
  [
    "sdist",
    { "tool-1.0/PKG-INFO": "Metadata-Version: 2.1\nName: Example.Tool\nVersion: 1.0\n" },
    "purl pkg:pypi/example-tool@1.0",
  ],
  [
    "crate",
    {
      "tool-1.0.0/Cargo.toml": '[package]\nname = "tool"\nversion = "1.0.0"\n',
      "tool-1.0.0/Cargo.toml.orig": "",
    },
    "purl pkg:cargo/tool@1.0.0",
  ],
  [
    "gem",
    {
      "metadata.gz": gzipSync(
        "name: tool\nversion: !ruby/object:Gem::Version\n  version: 1.0.0\nplatform: java\n",
      ),
      "data.tar.gz": gzipSync(""),
    },
    "purl pkg:gem/tool@1.0.0?platform=java",
  ],
  [
    "conda",
    { "info/index.json": '{"name":"tool","version":"1.0","build":"py_0","subdir":"noarch"}' },
    "purl pkg:conda/tool@1.0?build=py_0&subdir=noarch",
  ],
  [
    "helm chart",
    { "tool/Chart.yaml": "apiVersion: v2\nname: tool\nversion: 1.0.0\n" },
    "purl pkg:helm/tool@1.0.0",
  ],
])("names a package of kind %s", async (_, files, expected) => {
  expect(await identifiersOf(await writeTar(files))).toEqual([expected]);
});

it("names the file that only holds a package as that package", async () => {
  expect(await identifiersOf(await writeTgz(npm))).toEqual(["purl pkg:npm/%40example/tool@1.0.0"]);
});

it("names nothing by a name that is longer than any", async () => {
  const long = { "package/package.json": JSON.stringify({ name: "x".repeat(600), version: "1.0.0" }) };
  expect(await identifiersOf(await writeTar(long))).toEqual([]);
});
