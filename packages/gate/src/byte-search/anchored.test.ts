import { expect, it } from "vitest";
import { AnchoredSearch } from "./anchored.ts";

const found = (texts: readonly string[], piece: string, from = 0, to = piece.length) =>
  [...new AnchoredSearch(texts.map((text) => Buffer.from(text))).search(Buffer.from(piece), from, to)].map(
    ({ text, index }) => `${texts[text]} ${index}`,
  );

it("finds every text wherever it stands, also at the ends and in each other", () => {
  const texts = ["abcd", "bcde", "abcdefgh", "zzzz"];
  expect(found(texts, "abcdefgh abcd").sort()).toEqual(["abcd 0", "abcd 9", "abcdefgh 0", "bcde 1"]);
  expect(found(texts, "zzzzz")).toEqual(["zzzz 0", "zzzz 1"]);
  expect(found(texts, "abc")).toEqual([]);
  expect(found([], "abcd")).toEqual([]);
});

it("finds only what begins between its bounds", () => {
  expect(found(["abcd"], "abcd abcd abcd", 1, 10)).toEqual(["abcd 5"]);
  expect(found(["xxabcd"], "xxabcd", 1)).toEqual([]);
});

it("agrees with looking for one after the other", () => {
  const texts = Array.from({ length: 500 }, (_, index) => `text ${(index * 7919) % 1000} of many`);
  const piece = Array.from(
    { length: 300 },
    (_, index) => `text ${index} of ma${index % 3 ? "ny" : "n"}`,
  ).join("|");
  const expected = texts.flatMap((text) => {
    const at = piece.indexOf(text);
    return at < 0 ? [] : [`${text} ${at}`];
  });
  expect([...new Set(found(texts, piece))].sort()).toEqual([...new Set(expected)].sort());
});
