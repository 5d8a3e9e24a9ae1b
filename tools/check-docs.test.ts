import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { findDocsProblems } from "./check-docs.ts";

function problems(text: string): string[] {
  const root = mkdtempSync(join(tmpdir(), "sallyport-docs-"));
  const file = join(root, "page.md");
  writeFileSync(file, text);
  try {
    return findDocsProblems(root, [file], ["check"]);
  } finally {
    rmSync(root, { recursive: true });
  }
}

it.each([
  [
    "a link that leads nowhere",
    "# Page\n[there](absent.md#part)",
    "page.md:2: the link absent.md leads nowhere",
  ],
  ["JSON that does not parse", "```json\n{ a }\n```\n", "page.md:1: the fence does not parse"],
  ["TypeScript that does not parse", "```ts\nconst = 1;\n```\n", "page.md:1: the fence does not parse"],
  [
    "a command that does not exist",
    "\n```sh\n./sallyport chekc x\n```\n",
    "page.md:2: there is no command chekc",
  ],
])("reports %s", (_, text, problem) => {
  expect(problems(text)).toEqual([expect.stringContaining(problem)]);
});

it("lets a page pass whose links and fences hold", () => {
  expect(
    problems(
      '[itself](page.md) [web](https://x.example)\n```json\n{"a":1}\n```\n```sh\n./sallyport check f\n```\n',
    ),
  ).toEqual([]);
});
