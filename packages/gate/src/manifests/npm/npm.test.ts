import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { npmFile } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { takeApart, writeTar, writeTgz } from "../package.fixture.ts";

const description = (more: object = {}) => JSON.stringify({ name: "demo", version: "1.2.3", ...more });

describe("npm packages", () => {
  it("are known, with the compressed file around them, by their package.json", async () => {
    const author = "Example Author <author@example.com> (https://example.com)";
    const { root, members, problems } = await takeApart(
      await writeTgz({ "package/package.json": description({ author }), "package/index.js": "1" }),
    );
    const identity = { product: "demo", version: "1.2.3", company: "Example Author" };
    expect(root).toMatchObject({ format: "npm", identity });
    expect(members.find(({ path }) => path === "content")).toMatchObject({ format: "npm", identity });
    expect(problems).toEqual([]);
  });

  it("may have another folder, another order, an author in parts or none", async () => {
    for (const [author, company] of [
      [{ name: "A" }, "A"],
      [undefined, undefined],
      [7, undefined],
      ["", undefined],
    ]) {
      const files = {
        "demo/a.js": "1",
        "demo/package.json": description({ author }),
        "demo/lib/package.json": "{}",
      };
      const { root } = await takeApart(await writeTar(files));
      expect(root.identity).toEqual({ product: "demo", version: "1.2.3", ...(company ? { company } : {}) });
    }
  });

  it.each<[string, Record<string, string>]>([
    ["no name", { "package/package.json": '{"version":"1.0.0"}' }],
    ["a name that is no text", { "package/package.json": '{"name":{},"version":"1.0.0"}' }],
    ["what is no JSON", { "package/package.json": "{" }],
    ["a name twice", { "package/package.json": '{"name":"a","name":"b","version":"1"}' }],
    ["a description that lies deeper", { "a/b/package.json": description() }],
    ["two of them", { "a/package.json": description(), "b/package.json": description() }],
    ["one that is longer than any is", { "package/package.json": description({ x: "x".repeat(2_000_000) }) }],
  ])("are not claimed with %s, and nothing is held for it", async (_, files) => {
    const { root, problems } = await takeApart(await writeTar(files));
    expect(root).toMatchObject({ format: "tar" });
    expect(root.identity).toBeUndefined();
    expect(problems).toEqual([]);
  });

  it("hands up nothing from a compressed file whose tar is cut off", async () => {
    const whole = await writeTar({ "package/package.json": description(), "package/a.js": "x".repeat(5000) });
    const { root, problems } = await takeApart(gzipSync(whole.subarray(0, 3000)));
    expect(root.identity).toBeUndefined();
    expect(problems).toContainEqual(expect.stringMatching(/^opened unknown content/));
  });

  it("reads a real one", async () => {
    // The package that npm unpacked, packed again by tar-stream: what it says of itself is the same.
    const path = await npmFile(SEMVER);
    const { root } = await takeApart(await writeTgz({ "package/package.json": await readFile(path) }));
    expect(root.identity).toMatchObject({ product: "semver", version: "7.7.3", company: "GitHub Inc." });
  });
});

const SEMVER = {
  package: "semver",
  version: "7.7.3",
  integrity:
    "sha512-SdsKMrI9TdgjdweUSR9MweHA4EJ8YxHn8DFaDisvhVlUOe4BF1tLD7GAj0lIqWVl+dPb/rExr0Btby5loQm20Q==",
  path: "package.json",
};
