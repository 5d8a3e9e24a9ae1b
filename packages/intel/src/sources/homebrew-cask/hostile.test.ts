import { describe, expect, it } from "vitest";
import { readAll } from "../../witnesses/read.fixture.ts";
import { homebrewCask } from "./index.ts";
import { casks, sample } from "./sample.fixture.ts";

const [app = {}] = casks;

describe("homebrew-cask, with hostile lists", () => {
  it.each<[string, unknown, string]>([
    ["no object", 1, "is no object"],
    ["no token", { ...app, token: undefined }, '"token" is missing'],
    ["a token that is no text", { ...app, token: {} }, '"token" is no text'],
    ["no version", { ...app, version: undefined }, '"version" is missing'],
    ["a short hash", { ...app, sha256: "ab" }, '"sha256" is no SHA-256'],
    ["a number for a hash", { ...app, sha256: 1 }, '"sha256" is no text'],
    ["a list of variations", { ...app, variations: [] }, '"variations" is no object'],
    [
      "a hash in a variation that is none",
      { ...app, variations: { sonoma: { sha256: "x" } } },
      "is no SHA-256",
    ],
    [
      "variations without end",
      { ...app, variations: Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`s${i}`, {}])) },
      "more than 100",
    ],
    ["an address without end", { ...app, url: `https://a.example/${"x".repeat(9000)}` }, '"url" is longer'],
  ])("tells of %s, and reads the others", async (_, bad, because) => {
    const { facts, skipped } = await readAll(homebrewCask, { "cask.json": JSON.stringify([bad, app]) });
    expect(facts).toHaveLength(2);
    expect(skipped).toMatchObject([{ file: "cask.json", because: expect.stringContaining(because) }]);
  });

  it("throws where it is cut off, and for what is no list of casks", async () => {
    const whole = sample["cask.json"] ?? Buffer.alloc(0);
    for (let length = 0; length < whole.length; length += 5)
      await expect(readAll(homebrewCask, { "cask.json": whole.subarray(0, length) })).rejects.toMatchObject({
        code: expect.stringMatching(/^feed\./),
        message: expect.stringContaining("cask.json"),
      });
    for (const text of [
      "[]",
      "{}",
      "garbage",
      '[1, "a", null]',
      '{"__proto__": {"token": "a"}}',
      "[".repeat(99_999),
    ])
      await expect(readAll(homebrewCask, { "cask.json": text }), text.slice(0, 40)).rejects.toMatchObject({
        code: expect.stringMatching(/^feed\./),
      });
  });

  it("leaves addresses out that are none, or that hold a password", async () => {
    const { facts } = await readAll(homebrewCask, {
      "cask.json": JSON.stringify([
        { ...app, url: "javascript:alert(1)", variations: {} },
        { ...app, url: "https://me:secret@a.example/x.dmg#f", variations: {} },
      ]),
    });
    expect(facts[0]).not.toHaveProperty("witness.url");
    expect(facts[1]).toMatchObject({ witness: { url: "https://a.example/x.dmg" } });
  });
});
