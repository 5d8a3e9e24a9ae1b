import { describe, expect, it } from "vitest";
import { compareMembers, portraitOf } from "../trait.fixture.ts";
import type { Difference } from "../trait.ts";
import { dependencies } from "./index.ts";

async function compare(before: string, after: string, path: string): Promise<Difference[]> {
  const draw = (text: string) => portraitOf([dependencies], { path, bytes: Buffer.from(text) });
  return compareMembers(dependencies, await draw(before), await draw(after));
}

const PATH = "content/package/package.json";
const npm = (own: Record<string, unknown>) => JSON.stringify({ name: "demo", version: "1.0.0", ...own });
const compareNpm = (before: Record<string, string>, after: Record<string, string>) =>
  compare(npm({ dependencies: before }), npm({ dependencies: after }), PATH);
const told = (differences: readonly Difference[]) =>
  differences.filter(({ risk }) => risk !== "info").map(({ rule, risk, because }) => [rule, risk, because]);

describe("names", () => {
  it.each([
    ["loadsh", "lodash"],
    ["lodahs", "lodash"],
    ["crossenv", "cross-env"],
    ["electorn", "electron"],
    ["axois", "axios"],
    ["discord-js", "discord.js"],
    ["expresss", "express"],
    ["@typescript_eslint/parser", "@typescript-eslint/parser"],
    ["lоdash", "lodash"],
  ])("says that %s can be mistaken for %s", async (name, imitated) => {
    const because = `now needs ${name}, which can be mistaken for ${imitated}`;
    expect(told(await compareNpm({ semver: "^7" }, { semver: "^7", [name]: "^1" }))).toEqual([
      ["look-alike", "high", because],
    ]);
  });

  it("knows the names that were used before", async () => {
    const found = await compareNpm(
      { "quaint-widget": "^1" },
      { "quaint-widget": "^1", "quaint-wigdet": "^1" },
    );
    expect(told(found)).toMatchObject([["look-alike", "high", expect.stringContaining("quaint-widget")]]);
  });

  it.each([
    "preact",
    "vitest",
    "lodash.get",
    "sha2",
    "es6-ext",
    "@types/node",
    "colors",
    "is-map",
    "yargs-parser",
  ])("takes %s for what it is", async (name) => {
    const used = {
      react: "^18",
      vite: "^5",
      lodash: "^4",
      sha1: "^1",
      "es5-ext": "^1",
      color: "^4",
      "is-set": "^2",
    };
    const found = await compareNpm(used, { ...used, [name]: "^1" });
    expect(told(found)).toEqual([["added", "low", `now needs ${name}`]]);
  });
});

describe("sources", () => {
  it.each([
    ["git+ssh://git@host.invalid/a/b.git", "foreign-source"],
    ["github:someone/something", "foreign-source"],
    ["someone/something#main", "foreign-source"],
    ["https://host.invalid/a.tgz", "foreign-source"],
    ["file:./payload", "foreign-source"],
  ])("holds a dependency from %s", async (range, rule) => {
    expect(told(await compareNpm({}, { plain: range }))).toMatchObject([[rule, "high", expect.any(String)]]);
    expect(told(await compareNpm({ plain: "^1" }, { plain: range }))).toMatchObject([
      [rule, "high", expect.any(String)],
    ]);
  });

  it("lets a source be that was there before, and one that only developers use", async () => {
    expect(told(await compareNpm({ plain: "github:a/b#1" }, { plain: "github:a/b#2" }))).toEqual([]);
    const dev = (range: string) => npm({ devDependencies: { plain: range } });
    expect(told(await compare(dev("^1"), dev("github:a/b"), PATH))).toEqual([]);
  });

  it("names a package that stands under another's name, unless it is a version of it", async () => {
    expect(told(await compareNpm({ plain: "^1" }, { plain: "npm:stranger@^1" }))).toEqual([
      ["alias", "medium", "installs stranger under the name plain"],
    ]);
    expect(
      told(await compareNpm({ a: "^1" }, { a: "^1", "string-width-cjs": "npm:string-width@^4" })),
    ).toMatchObject([["added", "low", expect.any(String)]]);
  });
});

describe("ordinary updates", () => {
  it("tells a new dependency in one line, low", async () => {
    const found = await compareNpm({ ms: "2.1.2" }, { ms: "2.1.3", wanted: "^1", needed: "^2" });
    expect(told(found)).toEqual([["added", "low", "now needs needed and wanted"]]);
    expect(found.at(-1)).toMatchObject({ rule: "changed", risk: "info", before: { text: "ms 2.1.2" } });
  });

  it("stays at info for an owner already used, for other platforms' packages and for developers' tools", async () => {
    const before = { optionalDependencies: { "@demo/linux-x64": "1.0.0" } };
    const after = {
      optionalDependencies: { "@demo/linux-x64": "1.0.1", "@demo/win32-arm64": "1.0.1" },
      devDependencies: { loadsh: "*" },
    };
    expect(told(await compare(npm(before), npm(after), PATH))).toEqual([]);
  });

  it("says when any version will do", async () => {
    expect(told(await compareNpm({ plain: "^1.2.0" }, { plain: "*" }))).toEqual([
      ["any-version", "medium", "now takes any version of plain"],
    ]);
    expect(told(await compareNpm({ plain: "^1.2.0" }, { plain: "^2.0.0" }))).toEqual([]);
    const peer = (range: string) => npm({ peerDependencies: { plain: range } });
    expect(told(await compare(peer("^1"), peer("*"), PATH))).toEqual([]);
  });

  it("judges no list of what is inside another package, but its tricks", async () => {
    const path = "content/package/node_modules/inner/package.json";
    const one = npm({ dependencies: {} });
    expect(told(await compare(one, npm({ dependencies: { wanted: "^1" } }), path))).toEqual([]);
    expect(told(await compare(one, npm({ dependencies: { loadsh: "^1" } }), path))).toHaveLength(1);
  });

  it("reads nothing into the same text under another name", async () => {
    const after = npm({ dependencies: { loadsh: "*" } });
    expect(await compare(npm({}), after, "content/package/test/fixture.json")).toEqual([]);
  });
});

describe("other registries", () => {
  it.each([
    [
      "METADATA",
      "Metadata-Version: 2.1\nName: demo\nRequires-Dist: numpy (>=1)\n",
      "Requires-Dist: reqeusts>=2 ; python_version > '3'\n",
    ],
    [
      "Cargo.toml",
      '[package]\nname = "demo"\n[dependencies.serde]\nversion = "1"\n',
      '[dependencies]\nrustdecimal = "1"\n',
    ],
    [
      "metadata.gz/content",
      "--- !ruby/object:Gem::Specification\nname: demo\ndependencies:\n",
      "- !ruby/object:Gem::Dependency\n  name: atlas_client\n  type: :runtime\n",
    ],
    [
      "demo.nuspec",
      "<package><metadata><id>demo</id><dependencies>",
      '<dependency id="Newtonsoft.Jsom" version="1"/>',
    ],
  ])("finds a look-alike in %s", async (path, before, more) => {
    const end = path.endsWith(".nuspec") ? "</dependencies></metadata></package>" : "";
    const found = told(await compare(`${before}${end}`, `${before}${more}${end}`, path));
    expect(found).toMatchObject([["look-alike", "high", expect.any(String)]]);
  });

  it("leaves what an extra asks for, and Debian's packages, to their own keepers", async () => {
    const metadata = "Metadata-Version: 2.1\nName: demo\n";
    expect(
      told(await compare(metadata, `${metadata}Requires-Dist: reqeusts; extra == 'test'\n`, "METADATA")),
    ).toEqual([]);
    const control = "Package: demo\nDepends: libc6 (>= 2.34)\n";
    const found = await compare(
      control,
      "Package: demo\nDepends: libc6 (>= 2.36), libssl3\n",
      "control.tar.xz/content/./control",
    );
    expect(found.map(({ rule, risk }) => [rule, risk])).toEqual([
      ["added", "info"],
      ["changed", "info"],
    ]);
  });
});
