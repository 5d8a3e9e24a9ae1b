import { createHash } from "node:crypto";
import { Budget, type ByteSource, MemorySource } from "@sallyport/core";
import { describe, expect, it } from "vitest";
import { MemberSearch } from "./member-search.ts";
import { MOST_SEARCHED, type SearchWish, searchable } from "./wish.ts";

const WISH: SearchWish = {
  domains: ["evil.example", "xn--bse-8ia.example", "c2.wiki"],
  urls: ["http://files.example/a/b.php?x=1", "https://site.example/"],
  texts: ["AMarkOfTheirs", "Größe!"],
  digests: [],
};

async function sightings(bytes: Uint8Array | string, wish: Partial<SearchWish> = {}): Promise<string[]> {
  const source = new MemorySource(Buffer.from(bytes as string));
  const { sightings: found } = await new MemberSearch({ ...WISH, ...wish }).search(
    source,
    "all",
    new Budget(),
  );
  return found.map(({ kind, value }) => `${kind} ${value}`);
}
const wide = (text: string): Buffer => Buffer.from(text, "utf16le");

describe("searching for domains", () => {
  it.each([
    "evil.example",
    "https://evil.example/path",
    "\0evil.example\0",
    "a@evil.example,",
    "www.EVIL.Example:443",
    "x=evil.example.",
    "https%3A%2F%2Fevil.example%2F",
    '"\\nevil.example"',
    "\\u002fevil.example",
    "\\x2fevil.example",
    "one.two.three.evil.example",
  ])("finds it in %j, in one byte and in two to a character", async (text) => {
    expect(await sightings(text)).toEqual(["domain evil.example"]);
    expect(await sightings(Buffer.concat([Buffer.from("\x01\x02"), wide(`${text} `)]))).toEqual([
      "domain evil.example",
    ]);
  });

  it.each([
    "notevil.example",
    "evil.example.com",
    "evil.examples",
    "evil-example",
    "evilXexample",
    "evil.example-site.org",
    "my-evil.example",
    "evil. example",
    "evil..example",
  ])("does not find it in %j", async (text) => {
    expect(await sightings(text)).toEqual([]);
    expect(await sightings(wide(text))).toEqual([]);
  });

  it("finds it at an odd place in UTF-16, and at the very ends", async () => {
    expect(await sightings(Buffer.concat([Buffer.from([7]), wide("c2.wiki")]))).toEqual(["domain c2.wiki"]);
    expect(await sightings(wide("c2.wiki"))).toEqual(["domain c2.wiki"]);
  });

  it("finds several, each once", async () => {
    expect(await sightings("c2.wiki evil.example c2.wiki a.c2.wiki")).toEqual([
      "domain c2.wiki",
      "domain evil.example",
    ]);
  });

  it("is not slow where every byte is a dot or a letter", async () => {
    for (const piece of [".", "a.", "a", "evil.example"]) {
      const bytes = Buffer.alloc(4 * 1024 * 1024, piece);
      const budget = new Budget({ entries: 1, bytes: 1, depth: 1, milliseconds: 20_000 });
      await new MemberSearch(WISH).search(new MemorySource(bytes), "all", budget);
    }
  });
});

describe("searching for texts and addresses", () => {
  it("finds a text wherever it stands", async () => {
    expect(await sightings("xxAMarkOfTheirsyy")).toEqual(["text AMarkOfTheirs"]);
    expect(await sightings(wide("AMarkOfTheirs"))).toEqual(["text AMarkOfTheirs"]);
    expect(await sightings("eine Größe!")).toEqual(["text Größe!"]);
    expect(await sightings("amarkoftheirs")).toEqual([]);
  });

  it("finds an address whole, whatever its scheme, and no longer one", async () => {
    const found = ["url http://files.example/a/b.php?x=1"];
    for (const text of ["https://files.example/a/b.php?x=1", '"files.example/a/b.php?x=1"'])
      expect(await sightings(text)).toEqual(found);
    expect(await sightings(wide(" https://files.example/a/b.php?x=1 "))).toEqual(found);
    for (const text of ["http://files.example/a/b.php?x=12", "http://my-files.example/a/b.php?x=1"])
      expect(await sightings(text)).toEqual([]);
  });

  it("finds the address of a whole site as an address, not as a name or a page of it", async () => {
    const found = ["url https://site.example/"];
    for (const text of ["http://site.example/", "https://site.example", "x=//site.example/\0"])
      expect(await sightings(text)).toEqual(found);
    for (const text of ["site.example", "https://site.example/page", "https://site.example.org"])
      expect(await sightings(text)).toEqual([]);
  });
});

it("finds what lies across the seams of the pieces it reads", async () => {
  const step = 8 * 1024 * 1024;
  for (const offset of [step - 5, step - 1, step, 2 * step - 12]) {
    const bytes = Buffer.alloc(2 * step + 100);
    bytes.write(" evil.example AMarkOfTheirs ", offset, "latin1");
    expect((await sightings(bytes)).sort()).toEqual(["domain evil.example", "text AMarkOfTheirs"]);
  }
});

it("computes weaker digests where they are asked for, also of what holds others", async () => {
  const bytes = Buffer.from("evil.example");
  const search = new MemberSearch({ ...WISH, digests: ["md5", "sha1"] });
  const { sightings: found } = await search.search(new MemorySource(bytes), "digests", new Budget());
  expect(found).toEqual([
    { kind: "md5", value: createHash("md5").update(bytes).digest("hex") },
    { kind: "sha1", value: createHash("sha1").update(bytes).digest("hex") },
  ]);
});

it("says why it stopped, and keeps what it has", async () => {
  const budget = new Budget({ entries: 1, bytes: 1, depth: 1, milliseconds: -1 });
  const result = await new MemberSearch(WISH).search(new MemorySource(Buffer.from("x")), "all", budget);
  expect(result).toEqual({ sightings: [], because: expect.stringMatching(/milliseconds is spent/) });
});

it("keeps no more than a report needs of a list of bad domains, and says so", async () => {
  const domains = Array.from({ length: 3000 }, (_, index) => `evil-${index}.example`);
  const source = new MemorySource(Buffer.from(domains.join("\n")));
  const { sightings: found, because } = await new MemberSearch({ ...WISH, domains }).search(
    source,
    "all",
    new Budget(),
  );
  expect(found).toHaveLength(500);
  expect(because).toBe("names more than 500 of what is searched for");
});

it("asks for nothing when there is nothing to search for, and for no more than it can", () => {
  const nothing = { domains: [], urls: [], texts: [], digests: [] };
  expect(searchable(nothing)).toBeUndefined();
  expect(searchable({ ...nothing, digests: ["md5"] })).toBeDefined();
  const domains = Array.from({ length: MOST_SEARCHED.domains + 5 }, (_, index) => `a${index}.example`);
  expect(searchable({ ...nothing, domains })?.domains).toHaveLength(MOST_SEARCHED.domains);
});

it("reads a source that hands out short pieces at its end", async () => {
  const bytes = Buffer.from("evil.example");
  const source: ByteSource = {
    sizeBytes: bytes.length,
    read: async (offset, length) => bytes.subarray(offset, offset + length),
    async *stream() {},
  };
  const found = await new MemberSearch(WISH).search(source, "all", new Budget());
  expect(found.sightings).toEqual([{ kind: "domain", value: "evil.example" }]);
});
