import { describe, expect, it } from "vitest";
import { contextWith, filesOf, readAll } from "../../witnesses/read.fixture.ts";
import { buildTar } from "../../witnesses/tar.fixture.ts";
import { scoop } from "./index.ts";
import { sample } from "./sample.fixture.ts";

const bucket = (manifest: unknown) => ({
  "Main.tar": buildTar({ "Main-master/bucket/a/app.json": JSON.stringify(manifest) }),
});
const hash = "0f".repeat(32);

describe("scoop", () => {
  it("reads each architecture's file with its hash", async () => {
    const { facts, skipped } = await readAll(scoop, sample);
    expect(skipped).toEqual([]);
    expect(facts).toEqual([
      {
        kind: "witness",
        witness: {
          sha256: "ab".repeat(32),
          packageId: "app",
          product: "app",
          version: "1.2.3",
          architecture: "x64",
          url: "https://software.example/app-1.2.3-x64.msi",
        },
      },
      {
        kind: "witness",
        witness: {
          sha256: "cd".repeat(32),
          packageId: "app",
          product: "app",
          version: "1.2.3",
          architecture: "x86",
          url: "https://software.example/app-1.2.3-x86.msi",
        },
      },
    ]);
  });

  it("takes the n-th hash for the n-th address", async () => {
    const url = ["https://software.example/a.exe", "https://software.example/b.zip"];
    const { facts } = await readAll(scoop, bucket({ version: "1", url, hash: [hash, "ab".repeat(32)] }));
    expect(facts).toMatchObject([
      { witness: { url: url[0], sha256: hash } },
      { witness: { url: url[1], sha256: "ab".repeat(32) } },
    ]);
  });

  it("tells of files without a SHA-256, and counts them for nothing", async () => {
    const url = ["https://a.example/1", "https://a.example/2", "https://a.example/3"];
    const weak = [`sha1:${"0".repeat(40)}`, `md5:${"0".repeat(32)}`, hash];
    const { facts, skipped } = await readAll(scoop, bucket({ version: "1", url, hash: weak }));
    expect(facts).toHaveLength(1);
    expect(skipped).toEqual([
      {
        file: "Main.tar/Main-master/bucket/a/app.json",
        because: "lists 2 files without a SHA-256, which are no witness",
      },
    ]);
    const nightly = await readAll(
      scoop,
      bucket({ version: "nightly", url: "https://a.example/nightly.zip" }),
    );
    expect(nightly).toMatchObject({
      facts: [],
      skipped: [{ because: expect.stringMatching(/^lists 1 files/) }],
    });
  });

  it("reads a single manifest under the name it was brought", async () => {
    const manifest = JSON.stringify({ version: "2", url: "https://a.example/x.zip", hash });
    expect((await readAll(scoop, { "bucket/tool.json": manifest })).facts).toMatchObject([
      { witness: { packageId: "tool", version: "2" } },
    ]);
  });

  it("is as old as the oldest of its buckets", async () => {
    const old = buildTar({ "Extras-master/bucket/b.json": "{}" }, 1_600_000_000);
    expect(await scoop.asOf?.(filesOf({ ...sample, "Extras.tar": old }), contextWith())).toBe(
      "2020-09-13T12:26:40.000Z",
    );
  });

  it("reads a folder of manifests that was brought", async () => {
    const manifest = { version: "2", homepage: "https://a.example", url: "https://a.example/x.zip", hash };
    const folder = buildTar({ "tool.json": JSON.stringify(manifest), "deprecated/x.json": "{}" });
    expect((await readAll(scoop, { "bucket.tar": folder })).facts).toMatchObject([
      { witness: { packageId: "tool" } },
    ]);
    expect(scoop.recognises?.("bucket.tar", folder)).toBe(true);
    expect(scoop.recognises?.("tool.json", Buffer.from(JSON.stringify(manifest)))).toBe(true);
    expect(scoop.recognises?.("package.json", Buffer.from('{"version": "1", "homepage": "x"}'))).toBe(false);
  });

  it("recognises a bucket by what stands in it", () => {
    const head = sample["Main.tar.gz"] ?? new Uint8Array();
    expect(scoop.recognises?.("download", head)).toBe(true);
    expect(scoop.recognises?.("download", buildTar({ "src/app.json": "{}" }))).toBe(false);
    expect(scoop.recognises?.("kev.json", Buffer.from("{}"))).toBe(false);
  });
});
