import { describe, expect, it } from "vitest";
import { readAll } from "../../witnesses/read.fixture.ts";
import { buildTar } from "../../witnesses/tar.fixture.ts";
import { scoop } from "./index.ts";
import { sample } from "./sample.fixture.ts";

const good = { version: "1", url: "https://a.example/x.zip", hash: "0f".repeat(32) };
const among = (text: string | Uint8Array) => ({
  "Main.tar": buildTar({ "m/bucket/bad.json": text, "m/bucket/good.json": JSON.stringify(good) }),
});

describe("scoop, with hostile buckets", () => {
  it.each<[string, string | Uint8Array, string]>([
    ["an empty manifest", "", "is empty"],
    ["one that ends early", '{"version": "1", "url"', "ends in the middle"],
    ["UTF-16", Buffer.from(`\ufeff${JSON.stringify(good)}`, "utf16le"), "UTF-16, and must be UTF-8"],
    ["a list", "[]", "is no object"],
    ["no version", '{"url": "https://a.example/"}', '"version" is missing'],
    ["a number for a version", '{"version": 1}', '"version" is no text'],
    ["a version with NUL", '{"version": "1\\u0000"}', "NUL"],
    ["a version without end", JSON.stringify({ ...good, version: "9".repeat(10_000) }), "longer than"],
    ["an object for an address", '{"version": "1", "url": {"a": 1}}', '"url" is no text'],
    ["more hashes than addresses", JSON.stringify({ ...good, hash: ["a", "b"] }), "1 addresses and 2 hashes"],
    ["a list for architectures", '{"version": "1", "architecture": [1]}', '"architecture" is no object'],
    [
      "enormous counts",
      JSON.stringify({ version: "1", url: Array(5000).fill("a") }),
      "more than 200 entries",
    ],
  ])("tells of %s, and reads the others", async (_, text, because) => {
    const { facts, skipped } = await readAll(scoop, among(text));
    expect(facts).toMatchObject([{ witness: { packageId: "good" } }]);
    expect(skipped).toEqual([
      { file: "Main.tar/m/bucket/bad.json", because: expect.stringContaining(because) },
    ]);
  });

  it("takes names of prototypes for names", async () => {
    const text = '{"__proto__": {"version": "1"}, "constructor": {"hash": "x"}}';
    expect(await readAll(scoop, among(text))).toMatchObject({
      skipped: [{ because: '"version" is missing' }],
    });
  });

  it("throws where it is cut off, and for what is no bucket", async () => {
    const whole = sample["Main.tar.gz"] ?? new Uint8Array();
    for (let length = 0; length < whole.length; length += 9)
      await expect(readAll(scoop, { "Main.tar.gz": whole.subarray(0, length) })).rejects.toMatchObject({
        code: expect.stringMatching(/^feed\./),
        message: expect.stringContaining("Main.tar.gz"),
      });
    for (const bytes of [Buffer.from("garbage"), Buffer.alloc(4096, 0xff), buildTar({ "README.md": "#" })])
      await expect(readAll(scoop, { "Main.tar": bytes })).rejects.toMatchObject({
        code: expect.stringMatching(/^feed\./),
      });
  });

  it("reads nesting without end as a broken manifest", async () => {
    const { skipped } = await readAll(scoop, among(`${"[".repeat(100_000)}${"]".repeat(100_000)}`));
    expect(skipped).toHaveLength(1);
  });
});
