import { describe, expect, it } from "vitest";
import { takeApart, writeTgz } from "../package.fixture.ts";

const MANIFEST =
  '# made by cargo\n[package]\nedition = "2021"\nname = "demo"\nversion = "1.2.3"\n\n[dependencies.x]\nversion = "9"\n';

describe("Rust crates", () => {
  it("say who they are", async () => {
    const files = {
      "demo-1.2.3/Cargo.toml": MANIFEST,
      "demo-1.2.3/Cargo.toml.orig": "x",
      "demo-1.2.3/src/lib.rs": "",
    };
    const { root, problems } = await takeApart(await writeTgz(files));
    expect(root).toMatchObject({ format: "crate", identity: { product: "demo", version: "1.2.3" } });
    expect(problems).toEqual([]);
  });

  it("are not mere sources, and not what names no package", async () => {
    for (const files of [
      { "demo/Cargo.toml": MANIFEST },
      { "demo/Cargo.toml": "[workspace]\n", "demo/Cargo.toml.orig": "" },
      { "demo/Cargo.toml": MANIFEST.replace("[package]", "[other]"), "demo/Cargo.toml.orig": "" },
    ])
      expect((await takeApart(await writeTgz(files))).root.identity).toBeUndefined();
  });
});
