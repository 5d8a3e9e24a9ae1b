import { describe, expect, it } from "vitest";
import { takeApart, writeTar, writeTgz } from "../package.fixture.ts";

const metadata = (more = "") =>
  `Metadata-Version: 2.1\nName: demo\nVersion: 1.2.3\n${more}\nA long text: with colons\n`;

describe("Python source distributions", () => {
  it("are known by PKG-INFO, even when they hold a package.json beside it", async () => {
    const { root, problems } = await takeApart(
      await writeTgz({
        "demo-1.2.3/PKG-INFO": metadata("Author: Example Author\n"),
        "demo-1.2.3/package.json": '{"name":"other","version":"9"}',
        "demo-1.2.3/demo.egg-info/PKG-INFO": metadata(),
      }),
    );
    expect(root).toMatchObject({
      format: "sdist",
      identity: { product: "demo", version: "1.2.3", company: "Example Author" },
    });
    expect(problems).toEqual([]);
  });

  it("take the author from the address when that is where it stands", async () => {
    const more = 'Author-email: "Example Author" <author@example.com>\nSummary: one\n  two\n';
    const { root } = await takeApart(await writeTar({ "demo-1.2.3/PKG-INFO": metadata(more) }));
    expect(root.identity).toEqual({ product: "demo", version: "1.2.3", company: "Example Author" });
  });

  it.each<[string, Record<string, string>]>([
    ["what is installed", { "demo.egg-info/PKG-INFO": metadata() }],
    ["two of them", { "a/PKG-INFO": metadata(), "b/PKG-INFO": metadata() }],
    ["no version", { "a/PKG-INFO": "Name: demo\n" }],
    ["lines that are no headers", { "a/PKG-INFO": "Name: demo\nnoise\nVersion: 1\n" }],
    ["nothing", { "a/PKG-INFO": "" }],
  ])("are not taken for %s", async (_, files) => {
    const { root, problems } = await takeApart(await writeTar(files));
    expect(root.identity).toBeUndefined();
    expect(problems).toEqual([]);
  });
});
