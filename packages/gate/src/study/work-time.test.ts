import { Budget, DEFAULT_LIMITS } from "@sallyport/core";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { afterWork, workClock } from "./work-time.ts";

const ALLOWED = 20_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A budget on a machine whose clocks stand where the test puts them. */
function budgetAt(clocks: { worked: number; wall: number }): Budget {
  const clock = workClock(
    ALLOWED,
    () => clocks.worked,
    () => clocks.wall,
  );
  return new Budget({ ...DEFAULT_LIMITS, milliseconds: ALLOWED }, clock);
}

it("gives a thread that gets little of a busy machine the time it needs", () => {
  const clocks = { worked: 0, wall: 0 };
  const budget = budgetAt(clocks);
  Object.assign(clocks, { wall: 90_000, worked: 15_000 });
  expect(() => budget.checkTime()).not.toThrow();
});

it("ends a thread that worked longer than it may", () => {
  const clocks = { worked: 0, wall: 0 };
  const budget = budgetAt(clocks);
  Object.assign(clocks, { wall: 30_000, worked: 20_001 });
  expect(() => budget.checkTime()).toThrow(expect.objectContaining({ code: "artifact.over-limit" }));
});

it("waits ten times as long at most for a thread that does not work", () => {
  const clocks = { worked: 0, wall: 0 };
  const budget = budgetAt(clocks);
  clocks.wall = 200_001;
  expect(() => budget.checkTime()).toThrow(expect.objectContaining({ code: "artifact.over-limit" }));
});

it("calls back at once when the time was worked through", () => {
  let worked = 0;
  const then = vi.fn();
  afterWork(ALLOWED, then, () => worked);
  worked = ALLOWED;
  vi.advanceTimersByTime(ALLOWED);
  expect(then).toHaveBeenCalledOnce();
});

it("waits for work on a busy machine, not for ever, and not when it is cancelled", () => {
  const [slow, cancelled] = [vi.fn(), vi.fn()];
  afterWork(ALLOWED, slow, () => 0);
  const cancel = afterWork(ALLOWED, cancelled, () => 0);
  vi.advanceTimersByTime(9 * ALLOWED);
  expect(slow).not.toHaveBeenCalled();
  cancel();
  vi.advanceTimersByTime(ALLOWED);
  expect(slow).toHaveBeenCalledOnce();
  expect(cancelled).not.toHaveBeenCalled();
});
