import { describe, expect, it } from "vitest";
import { takeApart, writeTgz } from "../package.fixture.ts";

const index = (more: object = {}) =>
  JSON.stringify({ name: "demo", version: "1.2.3", build: "py_0", subdir: "linux-64", ...more });

describe("conda packages", () => {
  it("say who they are", async () => {
    const { root, problems } = await takeApart(
      await writeTgz({ "info/index.json": index(), "lib/a.py": "1" }),
    );
    expect(root).toMatchObject({
      format: "conda",
      identity: { product: "demo", version: "1.2.3", architecture: "linux-64" },
    });
    expect(problems).toEqual([]);
  });

  it("are none without a build, or with a broken description", async () => {
    for (const text of [index({ build: undefined }), "noise", "[]", index({ name: 1 })])
      expect((await takeApart(await writeTgz({ "info/index.json": text }))).root.identity).toBeUndefined();
  });
});
