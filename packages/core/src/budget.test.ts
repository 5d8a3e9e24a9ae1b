import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Budget } from "./budget.ts";

const limits = { entries: 3, bytes: 100, depth: 2, milliseconds: 50 };
const still = () => 0;
const overLimit = (limit: string) =>
  expect.objectContaining({ code: "artifact.over-limit", facts: expect.objectContaining({ limit }) });
const thrownBy = (act: () => void): unknown => {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
};

describe("Budget", () => {
  it("allows exactly its limits and not one more", () => {
    const budget = new Budget(limits, still);
    for (let entry = 0; entry < 3; entry += 1) budget.spendEntry();
    expect(thrownBy(() => budget.spendEntry())).toEqual(overLimit("entries"));
    budget.spendBytes(100);
    expect(thrownBy(() => budget.spendBytes(1))).toEqual(overLimit("bytes"));
    budget.checkDepth(2);
    expect(thrownBy(() => budget.checkDepth(3))).toEqual(overLimit("depth"));
  });

  it("stops when the time is up, whatever is spent", () => {
    let now = 1_000;
    const budget = new Budget(limits, () => now);
    now = 1_050;
    budget.checkTime();
    now = 1_051;
    for (const act of [() => budget.checkTime(), () => budget.spendEntry(), () => budget.spendBytes(0)])
      expect(thrownBy(act)).toEqual(overLimit("milliseconds"));
  });

  it("gives nothing back: the sum decides, not the order", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(60), { maxLength: 10 }), (counts) => {
        const budget = new Budget({ ...limits, entries: 1_000 }, still);
        const error = thrownBy(() => {
          for (const count of counts) budget.spendBytes(count);
        });
        expect(error !== undefined).toBe(counts.reduce((sum, count) => sum + count, 0) > 100);
      }),
      { seed: 1 },
    );
  });
});
