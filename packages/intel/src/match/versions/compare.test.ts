import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { VersionScheme } from "../../naming.ts";
import { compareVersions } from "./compare.ts";

const { note: _note, ...orders }: Record<string, string[][]> & { note: unknown } = JSON.parse(
  readFileSync(new URL("orders.json", import.meta.url), "utf8"),
);
const schemes = Object.entries(orders) as [VersionScheme, string[][]][];

describe.each(schemes)("versions of %s", (scheme, ladder) => {
  it("stand in the order of their document", () => {
    ladder.forEach((step, at) => {
      for (const version of step)
        ladder.forEach((otherStep, otherAt) => {
          for (const other of otherStep) {
            const order = compareVersions(scheme, version, other);
            expect(Math.sign(order ?? Number.NaN), `${version} and ${other}`).toBe(Math.sign(at - otherAt));
          }
        });
    });
  });

  it("are not made up from what is none", () => {
    for (const text of ["", "x".repeat(1000), "\0", "💥", "../..", "1".repeat(501)])
      expect(compareVersions(scheme, text, "1.0.0"), JSON.stringify(text)).toBeUndefined();
  });

  it("have no names of an object's own for words", () => {
    for (const word of ["constructor", "a.constructor", "constructor1"])
      for (const [one, other] of [
        [`1.0-${word}`, "1.0"],
        [`1.0.${word}`, `1.0.${word}2`],
        [`1.0.${word}`, `1.0.${word}`],
      ] as const) {
        const order = compareVersions(scheme, one, other);
        const back = compareVersions(scheme, other, one);
        if (order === undefined || back === undefined) continue;
        expect(order, `${one} and ${other}`).not.toBeNaN();
        expect(Math.sign(order) + Math.sign(back), `${one} and ${other}`).toBe(0);
      }
  });

  it("keep their time whatever they are given", () => {
    for (const piece of ["1.", "1-", "~", "a1", "1_", ".0", "-rc", "+", "1~", "0", "^", "..", "alpha"]) {
      const long = `1${piece.repeat(2000)}`.slice(0, 500);
      const again = `${long.slice(0, -1)}z`;
      compareVersions(scheme, long, again);
      compareVersions(scheme, again, long);
    }
  });
});
