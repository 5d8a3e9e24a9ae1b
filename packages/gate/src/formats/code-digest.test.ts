import { sourceOf, testBudget } from "@sallyport/testkit";
import { expect, it } from "vitest";
import { digestCode } from "./code-digest.ts";

const bytes = Buffer.from("header code more resources");
const CODE = { offsetBytes: 7, sizeBytes: 4 };
const digest = (text: Buffer, ...ranges: { offsetBytes: number; sizeBytes: number }[]) =>
  digestCode(sourceOf(text), ranges, testBudget());

it("is the same as long as the code is, wherever it stands and whatever stands beside it", async () => {
  const other = Buffer.from("a longer header code and more");
  expect(await digest(bytes, CODE)).toBe(await digest(other, { offsetBytes: 16, sizeBytes: 4 }));
  expect(await digest(bytes, CODE)).not.toBe(await digest(Buffer.from("header c0de"), CODE));
  expect(await digest(bytes, CODE, { offsetBytes: 0, sizeBytes: 0 })).toBe(await digest(bytes, CODE));
});

it("tells where one section ends and the next begins", async () => {
  const whole = await digest(bytes, CODE);
  const parts = [
    { offsetBytes: 7, sizeBytes: 1 },
    { offsetBytes: 8, sizeBytes: 3 },
  ];
  expect(await digest(bytes, ...parts)).not.toBe(whole);
});

it("believes no ranges that lie outside the file, or say more than it holds", async () => {
  expect(await digest(bytes, { offsetBytes: 20, sizeBytes: 100 })).toBeUndefined();
  expect(await digest(bytes, { offsetBytes: -4, sizeBytes: 4 })).toBeUndefined();
  expect(await digest(bytes, ...Array(60_000).fill({ offsetBytes: 0, sizeBytes: 26 }))).toBeUndefined();
  expect(await digest(bytes)).toBeUndefined();
});
