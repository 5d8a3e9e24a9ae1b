import { expect, it } from "vitest";
import { compareMembers, portraitOf } from "../trait.fixture.ts";
import type { Difference, Trait } from "../trait.ts";
import { text } from "./index.ts";

const trait: Trait = text as Trait;
const drawn = (bytes: Buffer | string) =>
  portraitOf([trait], { path: "install.sh", bytes: Buffer.from(bytes) });

async function compare(before: Buffer | string, after: Buffer | string): Promise<Difference[]> {
  return compareMembers(trait, await drawn(before), await drawn(after));
}

const lines = (count: number, word = "line"): string[] =>
  Array.from({ length: count }, (_, at) => `${word} ${at}`);

it("shows a changed line with the lines around it", async () => {
  const before = lines(9).join("\n");
  expect(await compare(before, before.replace("line 4", "line four"))).toEqual([
    {
      rule: "changed",
      risk: "info",
      because: "has changed lines",
      after: { text: "@@ -3,5 +3,5 @@\n line 2\n line 3\n-line 4\n+line four\n line 5\n line 6" },
      facts: { addedLines: 1, removedLines: 1 },
    },
  ]);
});

it("reads UTF-16, and sees no change in another line end", async () => {
  const before = Buffer.from("\ufeffone\r\ntwo", "utf16le");
  const [difference] = await compare(before, "one\nthree");
  expect(difference?.after?.text).toContain("-two\n+three");
});

it("breaks a long line where statements end", async () => {
  const code = Array.from({ length: 300 }, (_, at) => `call(${at});`).join("");
  const [difference] = await compare(code, code.replace("call(150);", "call(150);other();"));
  expect(difference?.facts).toEqual({ addedLines: 1, removedLines: 0 });
  expect(difference?.after?.text).toContain("\n+other();\n");
});

it("shows the new lines of a text that was rewritten", async () => {
  const [difference] = await compare(lines(3000, "old").join("\n"), lines(3000, "new").join("\n"));
  expect(difference).toMatchObject({ rule: "rewritten", facts: { addedLines: 3000, removedLines: 3000 } });
});

it("shows what a screen would hide", async () => {
  const [difference] = await compare("a", "a\u202e\u200b\ufe0f");
  expect(difference?.after?.text).toContain(String.raw`+a\u{202e}\u{200b}\u{fe0f}`);
});

it("says how much it leaves out", async () => {
  const before = lines(1000);
  const after = before.map((line, at) => (at % 10 === 0 ? `${line} ${"x".repeat(60)}` : line));
  const [difference] = await compare(before.join("\n"), after.join("\n"));
  expect(difference?.after?.text?.length).toBeLessThanOrEqual(4000);
  expect(difference?.after?.text).toMatch(/… and \d+ more$/);
});

it("keeps nothing of what is no text, or too long for a person", async () => {
  expect((await drawn(Buffer.from([1, 2, 3, 0]))).value("text")).toBeUndefined();
  expect((await drawn("x".repeat(600 * 1024))).value("text")).toBeUndefined();
});

it.each([
  ["empty lines", "\n".repeat(500_000), "\n \n".repeat(170_000)],
  ["two lines in turn", "a\nb\n".repeat(120_000), "b\nc\n".repeat(120_000)],
  ["one long line", "a".repeat(500_000), "b".repeat(500_000)],
  ["brackets", "{".repeat(500_000), "}".repeat(500_000)],
])("comes to an end with %s", async (_, before, after) => {
  const differences = await compare(before, after);
  expect(JSON.stringify(differences).length).toBeLessThan(20_000);
});
