import { Budget, DEFAULT_LIMITS } from "@sallyport/core";
import { recordingContext, sourceOf } from "@sallyport/testkit";
import { expect, it } from "vitest";
import { MemberStream } from "../descent/member-stream.ts";
import { writeSevenZip } from "../formats/7z/seven-zip.fixture.ts";
import { openBySevenZip } from "./index.ts";

it("costs the descent each byte once", async () => {
  const budget = new Budget(DEFAULT_LIMITS);
  const { context } = recordingContext(budget);
  const files = Array.from({ length: 50 }, (_, index) => ({
    name: `${index}`,
    content: Buffer.alloc(1000, index),
  }));
  const source = sourceOf(writeSevenZip(files));
  for await (const member of openBySevenZip(source, context, { type: "7z", holds: "archive" }))
    await new MemberStream(member.content(), budget).drain();
  expect(budget.spent.bytes).toBe(50_000);
});
