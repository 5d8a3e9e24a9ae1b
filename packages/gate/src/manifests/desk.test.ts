/** What a container's members may cost, and what is kept of them. */

import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { writeZip } from "../replica/zip-archive.ts";
import { takeApart, writeTar, writeTgz } from "./package.fixture.ts";

const description = (name: string) => JSON.stringify({ name, version: "1.0.0" });

describe("what is asked of members as they go by", () => {
  it("cuts claims that are longer than any name", async () => {
    const { root } = await takeApart(
      await writeTar({ "package/package.json": description("x".repeat(100_000)) }),
    );
    expect(root.identity?.product).toHaveLength(512);
  });

  it("hands an identity up through every compression, and not out of a container of several", async () => {
    const twice = gzipSync(await writeTgz({ "package/package.json": description("demo") }));
    expect((await takeApart(twice)).root).toMatchObject({ format: "npm", identity: { product: "demo" } });
    const inner = await writeTgz({ "package/package.json": description("demo") });
    const { root, members } = await takeApart(await writeTar({ "demo.tgz": inner }));
    expect(root).toMatchObject({ format: "tar" });
    expect(root.identity).toBeUndefined();
    expect(members.filter(({ identity }) => identity?.product === "demo").map(({ path }) => path)).toEqual([
      "demo.tgz/content",
      "demo.tgz",
    ]);
  });

  it("reads what stands uncompressed as what is unpacked", async () => {
    const text = Buffer.from("Metadata-Version: 2.1\nName: demo\nVersion: 1\n");
    for (const stored of [true, false]) {
      const { root } = await takeApart(writeZip([{ name: "demo-1/PKG-INFO", bytes: text, stored }]));
      expect(root).toMatchObject({ format: "zip", identity: { product: "demo" } });
    }
  });

  it("finds the same package again when the same bytes come twice", async () => {
    const inner = await writeTgz({ "package/package.json": description("demo") });
    const { members } = await takeApart(await writeTar({ "a.tgz": inner, "b.tgz": inner }));
    expect(members.filter(({ format }) => format === "npm")).toHaveLength(4);
  });

  it("lets a member that cannot be read be unread, and the rest speak", async () => {
    const whole = writeZip([
      { name: "demo-1.dist-info/METADATA", bytes: Buffer.from("Name: demo\nVersion: 1\n"), stored: true },
      { name: "demo-1.dist-info/WHEEL", bytes: Buffer.from("x"), stored: true },
      { name: "demo-1.dist-info/RECORD", bytes: Buffer.from("demo-1.dist-info/RECORD,,\n".repeat(20)) },
    ]);
    // One bit of the compressed list.
    const at = whole.indexOf("RECORD") + 12;
    whole[at] = (whole[at] ?? 0) ^ 0x40;
    const { root, problems } = await takeApart(whole);
    expect(root.identity).toMatchObject({ product: "demo" });
    expect(problems.some((problem) => problem.includes("has no RECORD"))).toBe(false);
  });
});
