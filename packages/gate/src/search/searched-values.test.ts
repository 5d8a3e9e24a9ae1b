import { describe, expect, it } from "vitest";
import { countNew, writeValues } from "./searched-values.ts";
import { MOST_SEARCHED, type SearchWish } from "./wish.ts";

const nothing: SearchWish = { domains: [], urls: [], texts: [], digests: [] };
const names = (count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, at) => `a${from + at}.example`);

describe("what was searched for", () => {
  it("is known again, in whatever order it is told, and what is new is counted", () => {
    const then: SearchWish = {
      ...nothing,
      domains: names(1000),
      urls: ["https://b.example/"],
      texts: ["mark"],
    };
    const kept = writeValues(then);
    expect(writeValues({ ...then, domains: [...then.domains].reverse() })).toBe(kept);
    expect(countNew(kept, then)).toBe(0);
    expect(countNew(kept, { ...then, domains: names(500) })).toBe(0);
    expect(countNew(kept, { ...then, domains: names(1003) })).toBe(3);
    // The same words are another thing to search for as a text.
    expect(countNew(kept, { ...then, texts: ["mark", "a1.example"] })).toBe(1);
  });

  it("is small for as much as is ever searched for, and takes no new value for an old one", () => {
    const many = MOST_SEARCHED.domains;
    const kept = writeValues({ ...nothing, domains: names(many) });
    expect(kept.length).toBeLessThan(1024 * 1024);
    expect(countNew(kept, { ...nothing, domains: names(20_000, many) })).toBeGreaterThanOrEqual(19_999);
  });

  it("counts nothing that would be left out today as well", () => {
    const domains = names(MOST_SEARCHED.domains);
    const kept = writeValues({ ...nothing, domains });
    expect(countNew(kept, { ...nothing, domains: [...domains, "one-more.example"] })).toBe(0);
  });

  it.each(["", "====", "\u0000", "/////////////////w==", "gICAgICAgICAgIA="])(
    "takes nothing for searched that it cannot read: %j",
    (kept) => {
      expect(countNew(kept, { ...nothing, domains: ["a.example"] })).toBe(1);
    },
  );
});
