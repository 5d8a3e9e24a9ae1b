import { describe, expect, it } from "vitest";
import { defineRegistry } from "./registry.ts";

describe("defineRegistry", () => {
  it("keeps the order and cannot be changed afterwards", () => {
    const given = [{ id: "b" }, { id: "a" }];
    const registry = defineRegistry("format", given);
    given.pop();
    expect(registry.map(({ id }) => id)).toEqual(["b", "a"]);
    expect(Object.isFrozen(registry)).toBe(true);
  });

  it("refuses two plug-ins with one id", () => {
    expect(() => defineRegistry("format", [{ id: "a" }, { id: "a" }])).toThrow(/share an id/);
  });
});
