import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { IntelSource } from "../source.ts";
import { forget } from "./forget.ts";
import { importFiles } from "./import.ts";
import { makePlace, type TestPlace, wordSource } from "./place.fixture.ts";

const words = (date: string | undefined, ...list: string[]) => JSON.stringify({ date, words: list });

let place: TestPlace;
/** What the source was given, by name: to look into archives. */
const given: string[] = [];
const packs: IntelSource = wordSource("pack", {
  recognises: (name) => name.endsWith(".tar"),
  asOf: async () => undefined,
  async *read(files) {
    for (const { name, source } of files) {
      const text = Buffer.from(await source.read(0, source.sizeBytes)).toString("latin1");
      given.push(name, ...(text.match(/[\w/.-]+\.rule/g) ?? []));
      yield {
        kind: "indicator",
        indicator: { kind: "domain", value: "pack.invalid", title: "x", references: [] },
      };
    }
  },
});
beforeEach(async () => {
  given.length = 0;
  const whole = wordSource("whole", {
    downloads: [{ name: "whole.json", url: "https://x.invalid/", maxBytes: 1 }],
  });
  place = await makePlace([whole, wordSource("loose"), packs]);
});
afterEach(() => place.close());

function file(name: string, text: string): string {
  const path = join(place.home, name);
  writeFileSync(path, text);
  return path;
}

const bring = (paths: readonly string[], options = {}) => importFiles(paths, options, place);

describe("a file that is brought", () => {
  it("takes the place of all that a source said which is one thing", async () => {
    await bring([file("whole-1.json", words("2026-11-20", "a.invalid"))]);
    expect(await bring([file("whole-2.json", words("2026-11-21", "b.invalid"))])).toMatchObject([
      {
        names: ["whole-2.json"],
        before: { rows: 1 },
        snapshot: { rows: 1, asOf: "2026-11-21T00:00:00.000Z" },
      },
    ]);
    expect(await place.known()).toEqual(["b.invalid"]);
  });

  it("stands beside the others of a source that has many, and replaces its own last form", async () => {
    await bring([
      file("loose-1", words(undefined, "a.invalid")),
      file("loose-2", words(undefined, "b.invalid")),
    ]);
    await bring([file("loose-1", words(undefined, "c.invalid"))]);
    expect([...(await place.known())].sort()).toEqual(["b.invalid", "c.invalid"]);
    await bring([file("loose-9", words(undefined, "d.invalid"))], { part: "loose-2" });
    expect(await place.known()).toEqual(["c.invalid", "d.invalid"]);
  });

  it("is no younger than its own date, or else than the file", async () => {
    const path = file("loose-1", words(undefined, "a.invalid"));
    utimesSync(path, new Date("2020-05-06T00:00:00Z"), new Date("2020-05-06T00:00:00Z"));
    expect(await bring([path])).toMatchObject([
      { snapshot: { asOf: "2020-05-06T00:00:00.000Z", isStale: true } },
    ]);
    utimesSync(path, new Date("2019-05-06T00:00:00Z"), new Date("2019-05-06T00:00:00Z"));
    // A file's date is no word of its publisher's: an older one is no replay.
    expect(await bring([path])).toMatchObject([{ snapshot: { asOf: "2019-05-06T00:00:00.000Z" } }]);
  });

  it("lets its reader go when its date is refused before a single fact was taken", async () => {
    let isLeft = false;
    const facts: AsyncIterable<never> = {
      [Symbol.asyncIterator]: () => ({
        next: () => Promise.withResolvers<never>().promise,
        return: async () => {
          isLeft = true;
          return { done: true, value: undefined };
        },
      }),
    };
    const reader = { ...place.reader, read: async () => ({ asOf: "2099-01-01T00:00:00Z", facts }) };
    const bringing = importFiles(
      [file("whole.json", words("2099-01-01", "a.invalid"))],
      {},
      { ...place, reader },
    );
    await expect(bringing).rejects.toMatchObject({ code: "feed.malformed" });
    expect(isLeft).toBe(true);
  });

  it("that is older than what is here does not count, unless that is forgotten first", async () => {
    await bring([file("whole.json", words("2026-11-20", "new.invalid"))]);
    const old = file("whole-old.json", words("2026-10-20", "old.invalid"));
    await expect(bring([old])).rejects.toMatchObject({ code: "feed.replayed" });
    expect(await place.known()).toEqual(["new.invalid"]);
    expect(await forget("whole", undefined, place)).toBe(1);
    await bring([old]);
    expect(await place.known()).toEqual(["old.invalid"]);
  });

  it.each([
    ["is broken", "whole.json", "{", /whole\.json: holds no words/],
    ["holds nothing", "whole.json", words("2026-11-21"), /not a single fact/],
    ["is of another time", "whole.json", words("2099-01-01", "x.invalid"), /still to come/],
    ["has no date that is one", "whole.json", words("yesterday", "x.invalid"), /a date that is none/],
  ])("changes nothing when it %s", async (_name, name, text, message) => {
    await bring([file("whole-1.json", words("2026-11-20", "a.invalid"))]);
    await expect(bring([file(name, text)])).rejects.toMatchObject({
      message: expect.stringMatching(message),
    });
    expect(await place.known()).toEqual(["a.invalid"]);
  });

  it("that nobody knows is not guessed at", async () => {
    const path = file("other.json", words(undefined, "a.invalid"));
    await expect(bring([path])).rejects.toMatchObject({
      code: "usage.value",
      message: expect.stringMatching(
        /no source knows files like it; name one with --source: whole, loose, pack/,
      ),
    });
    await expect(bring([path], { source: "nobody" })).rejects.toMatchObject({ code: "usage.value" });
    await bring([path], { source: "loose" });
    expect(await place.known()).toEqual(["a.invalid"]);
  });

  it("stands for a part only where there are parts, and alone", async () => {
    const path = file("whole.json", words(undefined, "a.invalid"));
    await expect(bring([path], { part: "x" })).rejects.toMatchObject({ code: "usage.flag" });
    await expect(bring([path, path], { part: "x" })).rejects.toMatchObject({ code: "usage.flag" });
  });
});

describe("a folder that is brought", () => {
  it("is kept as one archive: the same for the same files, without links and version control", async () => {
    const folder = join(place.home, "rules");
    mkdirSync(join(folder, "deep", ".git"), { recursive: true });
    for (const name of ["b.rule", "a.rule", "deep/c.rule", "deep/.git/config.rule"])
      writeFileSync(join(folder, name), name);
    writeFileSync(join(folder, "empty.rule"), "");
    symlinkSync("/etc/passwd", join(folder, "link.rule"));
    const [first] = await bring([folder]);
    expect(given.slice(0, 1)).toEqual(["rules.tar"]);
    expect([...new Set(given.slice(1))].sort()).toEqual(["a.rule", "b.rule", "deep/c.rule", "empty.rule"]);
    utimesSync(join(folder, "a.rule"), new Date(), new Date());
    const [second] = await bring([folder]);
    expect(second?.snapshot.sha256).toBe(first?.snapshot.sha256);
  });

  it("that is nobody's as a whole is brought file by file, and what nobody knows is told", async () => {
    const folder = join(place.home, "mixed");
    mkdirSync(join(folder, "deep"), { recursive: true });
    writeFileSync(join(folder, "loose-1"), words(undefined, "a.invalid"));
    writeFileSync(join(folder, "deep", "LICENSE"), "free");
    const schema = join(folder, "deep", "schema.json");
    writeFileSync(
      schema,
      '{\n  "$schema": "http://json-schema.org/draft-07/schema#",\n  "type": "object"\n}',
    );
    const deep = wordSource("deep", { recognises: (name) => /deep.*json$/.test(name) });
    writeFileSync(join(folder, "deep", "x.json"), words(undefined, "b.invalid"));
    const others = await makePlace([wordSource("loose"), deep]);
    const unknown: string[] = [];
    await importFiles([folder], { onUnknown: (path) => unknown.push(path) }, others);
    expect(others.base.snapshots().map(({ source, part }) => `${source} ${part}`)).toEqual([
      "deep deep/x.json",
      "loose loose-1",
    ]);
    expect(unknown.sort()).toEqual([join(folder, "deep", "LICENSE"), schema]);
    others.close();
  });

  it("must hold something that is known", async () => {
    const folder = join(place.home, "nothing");
    mkdirSync(folder);
    await expect(bring([folder], { source: "pack" })).rejects.toMatchObject({ code: "usage.file" });
    writeFileSync(join(folder, "LICENSE"), "free");
    const stranger = importFiles([folder], {}, { ...place, sources: place.sources.slice(0, 2) });
    await expect(stranger).rejects.toMatchObject({
      message: expect.stringMatching(/knows it, or a file in it/),
    });
  });
});
