import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type DsseEnvelope, UsageError } from "@sallyport/core";
import { pack } from "tar-stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BUNDLE_SCHEMA, MANIFEST_NAME, writeBundle } from "./bundle.ts";
import { isBundle, readBundle } from "./bundle-read.ts";
import { importFiles } from "./import.ts";
import { makePlace, type TestPlace, wordSource } from "./place.fixture.ts";

const SOURCES = [
  wordSource("loose"),
  wordSource("whole", { downloads: [{ name: "w", url: "https://x.invalid/", maxBytes: 1 }] }),
];
/** A seal without keys: this is about what is inside. */
const seal = (payload: Uint8Array): DsseEnvelope => ({
  payloadType: "test",
  payload: Buffer.from(payload).toString("base64"),
  signatures: [],
});
const unseal = (envelope: unknown): Uint8Array => {
  const { payload, payloadType } = envelope as DsseEnvelope;
  if (payloadType !== "test")
    throw new UsageError("usage.value", "it is not sealed with a key that was given");
  return Buffer.from(payload, "base64");
};

let here: TestPlace;
let there: TestPlace;
let path: string;
beforeEach(async () => {
  [here, there] = await Promise.all([makePlace(SOURCES), makePlace(SOURCES)]);
  path = join(here.home, "bundle");
});
afterEach(() => {
  here.close();
  there.close();
});

async function bring(place: TestPlace, name: string, date: string, ...words: string[]): Promise<void> {
  const file = join(place.home, name);
  writeFileSync(file, JSON.stringify({ date, words }));
  await importFiles([file], {}, place);
}

const take = (bundle = path) => readBundle(bundle, unseal, there);
const kept = () => (existsSync(there.folder) ? readdirSync(join(there.folder, "files")) : []);

describe("a bundle", () => {
  it("carries everything to a machine without a network, with its age", async () => {
    await bring(here, "loose-1", "2026-11-01", "a.invalid");
    await bring(here, "loose-2", "2026-11-02", "b.invalid");
    await bring(here, "whole", "2026-11-03", "c.invalid");
    expect(await writeBundle(path, seal, here)).toMatchObject({ files: 3 });
    expect(isBundle(readFileSync(path))).toBe(true);
    there.time = new Date("2026-12-24T00:00:00Z");
    const { parts, unknown } = await take();
    expect(parts.map(({ source, part, outcome }) => [source.id, part, outcome])).toEqual([
      ["loose", "loose-1", "loaded"],
      ["loose", "loose-2", "loaded"],
      ["whole", "", "loaded"],
    ]);
    expect(unknown).toEqual([]);
    expect(await there.known()).toEqual(["a.invalid", "b.invalid", "c.invalid"]);
    const ages = there.base
      .snapshots()
      .map(({ asOf, fetchedAt, isStale }) => [asOf.slice(0, 10), fetchedAt, isStale]);
    expect(ages[0]).toEqual(["2026-11-01", "2026-11-25T12:00:00.000Z", true]);
    expect((await take()).parts.map(({ outcome }) => outcome)).toEqual([
      "unchanged",
      "unchanged",
      "unchanged",
    ]);
  });

  it("of a machine whose clock is ahead is no fresher than today", async () => {
    here.time = new Date("2099-01-01T00:00:00Z");
    await bring(here, "loose-1", "2026-11-01", "a.invalid");
    await writeBundle(path, seal, here);
    await take();
    expect(there.base.snapshots().map(({ fetchedAt }) => fetchedAt)).toEqual(["2026-11-25T12:00:00.000Z"]);
  });

  it("with older data than there is changes nothing, and says so", async () => {
    await bring(here, "whole", "2026-11-03", "old.invalid");
    await writeBundle(path, seal, here);
    await bring(there, "whole", "2026-11-04", "new.invalid");
    expect((await take()).parts).toMatchObject([
      { outcome: "failed", problem: expect.stringMatching(/older/) },
    ]);
    expect(await there.known()).toEqual(["new.invalid"]);
  });

  it("of a newer program names sources that are not known here", async () => {
    await bring(here, "loose-1", "2026-11-01", "a.invalid");
    await bring(here, "whole", "2026-11-03", "c.invalid");
    await writeBundle(path, seal, here);
    const old = await makePlace(SOURCES.slice(1));
    expect(await readBundle(path, unseal, old)).toMatchObject({
      unknown: ["loose"],
      parts: [{ outcome: "loaded" }],
    });
    old.close();
  });

  it("tells what it leaves out, because its files are gone", async () => {
    await bring(here, "loose-1", "2026-11-01", "a.invalid");
    await bring(here, "whole", "2026-11-03", "c.invalid");
    const [gone] = here.base.snapshots();
    rmSync(join(here.folder, "files", gone?.files[0]?.sha256 ?? ""));
    expect(await writeBundle(path, seal, here)).toMatchObject({ files: 1, leftOut: [{ id: gone?.id }] });
  });

  it("is not written when there is nothing, nor over something", async () => {
    await expect(writeBundle(path, seal, here)).rejects.toMatchObject({ code: "usage.value" });
    await bring(here, "loose-1", "2026-11-01", "a.invalid");
    writeFileSync(path, "precious");
    await expect(writeBundle(path, seal, here)).rejects.toThrow();
    expect(readFileSync(path, "utf8")).toBe("precious");
  });
});

const SHA = "a".repeat(64);
const file = (more = {}) => ({ name: "w", sha256: SHA, sizeBytes: 3, ...more });
const part = (more = {}) => ({
  source: "whole",
  part: "",
  fetchedAt: "2026-11-01T00:00:00Z",
  files: [file()],
  ...more,
});
const manifest = (more = {}) => ({ schema: BUNDLE_SCHEMA, createdAt: "", parts: [part()], ...more });
const sealed = (value: unknown) => JSON.stringify(seal(Buffer.from(JSON.stringify(value))));

async function build(
  entries: readonly (readonly [name: string, text: string, type?: "symlink"])[],
): Promise<string> {
  const tar = pack();
  for (const [name, text, type] of entries)
    if (type === undefined) tar.entry({ name }, text);
    else tar.entry({ name, type, linkname: "/etc/passwd" });
  tar.finalize();
  const built = join(there.home, "built");
  writeFileSync(built, Buffer.concat(await Array.fromAsync(tar as AsyncIterable<Uint8Array>)));
  return built;
}

describe("a hostile bundle", () => {
  it.each<[string, readonly (readonly [string, string, "symlink"?])[], RegExp]>([
    ["is not sealed", [[MANIFEST_NAME, JSON.stringify({ payloadType: "other", payload: "" })]], /not sealed/],
    ["has no manifest", [["other", "{}"]], /no bundle/],
    ["has a manifest that is no JSON", [[MANIFEST_NAME, "{"]], /no JSON/],
    ["has a payload that is no JSON", [[MANIFEST_NAME, JSON.stringify(seal(Buffer.from("{")))]], /no JSON/],
    ["is of another version", [[MANIFEST_NAME, sealed(manifest({ schema: "x/9" }))]], /another version/],
    ["has parts that are none", [[MANIFEST_NAME, sealed(manifest({ parts: [5] }))]], /not in its form/],
    [
      "has a part without files",
      [[MANIFEST_NAME, sealed(manifest({ parts: [part({ files: [] })] }))]],
      /without files/,
    ],
    [
      "has a path for a digest",
      [[MANIFEST_NAME, sealed(manifest({ parts: [part({ files: [file({ sha256: "../../x" })] })] }))]],
      /without its SHA-256/,
    ],
    [
      "has an impossible size",
      [[MANIFEST_NAME, sealed(manifest({ parts: [part({ files: [file({ sizeBytes: -1 })] })] }))]],
      /without its size/,
    ],
    [
      "has a date that is none",
      [[MANIFEST_NAME, sealed(manifest({ parts: [part({ fetchedAt: "soon" })] }))]],
      /no date/,
    ],
    ["lacks a file", [[MANIFEST_NAME, sealed(manifest())]], /ends before all/],
    [
      "holds other bytes than it says",
      [
        [MANIFEST_NAME, sealed(manifest())],
        [`files/${SHA}`, "abc"],
      ],
      /other bytes/,
    ],
    [
      "holds a file of another size",
      [
        [MANIFEST_NAME, sealed(manifest())],
        [`files/${SHA}`, "abcd"],
      ],
      /does not name/,
    ],
    [
      "holds a file that is not named",
      [
        [MANIFEST_NAME, sealed(manifest())],
        ["files/../../etc/passwd", "abc"],
      ],
      /does not name/,
    ],
    [
      "holds a link",
      [
        [MANIFEST_NAME, sealed(manifest())],
        [`files/${SHA}`, "", "symlink"],
      ],
      /does not name/,
    ],
    [
      "holds a second manifest",
      [
        [MANIFEST_NAME, sealed(manifest())],
        [MANIFEST_NAME, "{}"],
      ],
      /does not name/,
    ],
  ])("that %s is refused, and nothing is loaded", async (_name, entries, message) => {
    await expect(take(await build(entries))).rejects.toMatchObject({
      message: expect.stringMatching(message),
    });
    expect(there.base.snapshots()).toEqual([]);
  });

  it("that is cut anywhere is refused, and nothing is loaded", async () => {
    await bring(here, "whole", "2026-11-03", "c.invalid");
    await writeBundle(path, seal, here);
    const whole = readFileSync(path);
    // The last kibibyte is tar's own end, without which nothing is missing.
    for (let length = 0; length < whole.length - 1536; length += 251) {
      const cut = join(there.home, "cut");
      writeFileSync(cut, whole.subarray(0, length));
      await expect(take(cut), `cut at ${length}`).rejects.toMatchObject({
        code: expect.stringMatching(/^(feed|usage)\./),
      });
    }
    expect(there.base.snapshots()).toEqual([]);
    expect(kept()).toEqual([]);
  });
});
