import fc from "fast-check";
import { expect, it } from "vitest";
import { PlainSearch } from "./plain.ts";

const everywhere = (piece: Buffer, texts: readonly Buffer[]): string[] => {
  const found: string[] = [];
  for (const [text, bytes] of texts.entries())
    for (let index = piece.indexOf(bytes); index >= 0; index = piece.indexOf(bytes, index + 1))
      found.push(`${index} ${text}`);
  return found.sort();
};

const letters = (length: { minLength: number; maxLength: number }) =>
  fc.array(fc.constantFrom(97, 98, 99), length).map((codes) => Buffer.from(codes));

it("finds what a search for each text alone finds", () => {
  const texts = fc.array(letters({ minLength: 4, maxLength: 9 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(letters({ minLength: 0, maxLength: 300 }), texts, (piece, wanted) => {
      const found = [...new PlainSearch(wanted).search(piece)].map(({ text, index }) => `${index} ${text}`);
      expect(found.sort()).toEqual(everywhere(piece, wanted));
    }),
  );
});

it("finds a text at the very start and the very end, and none that is cut", () => {
  const search = new PlainSearch([Buffer.from("OpenSSL "), Buffer.from("zlib")]);
  const found = [...search.search(Buffer.from("OpenSSL 3.0 zlib"))].map(({ index }) => index);
  expect(found).toEqual([0, 12]);
  expect([...search.search(Buffer.from("penSSL 3.0 zli"))]).toEqual([]);
});

it("begins where it is told", () => {
  const found = [...new PlainSearch([Buffer.from("abcd")]).search(Buffer.from("abcdabcd"), 1)];
  expect(found).toEqual([{ text: 0, index: 4 }]);
});
