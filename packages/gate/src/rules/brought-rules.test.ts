import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Budget, MemorySource } from "@sallyport/core";
import { afterAll, describe, expect, it } from "vitest";
import type { Finding } from "../finding.ts";
import { behaviours } from "../traits/behaviours/index.ts";
import { checkRulePacks } from "./check-packs.ts";
import { readRulePacks } from "./rule-files.ts";
import { readTrialMessage } from "./trial-message.ts";

const folder = mkdtempSync(join(tmpdir(), "sallyport-rules-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const SIMPLE = 'rule Simple { meta: description = "seen before" strings: $a = "needle" condition: $a }';
const put = (name: string, text: string | Buffer): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const refused = (message: RegExp) => ({ code: "usage.rules", message: expect.stringMatching(message) });

describe("readRulePacks", () => {
  it("reads a file as it is named, and of a folder the rule files, once", async () => {
    const inside = join(folder, "inside");
    mkdirSync(inside);
    for (const name of ["b.yara", "a.yar", "notes.txt"]) writeFileSync(join(inside, name), SIMPLE);
    const single = put("single.rules", SIMPLE);
    const packs = await readRulePacks([inside, single, single]);
    expect(packs.map(({ name }) => name)).toEqual([join(inside, "a.yar"), join(inside, "b.yara"), single]);
  });

  it("refuses what is missing, empty, too large or no file", async () => {
    mkdirSync(join(folder, "empty"));
    mkdirSync(join(folder, "odd"));
    mkdirSync(join(folder, "odd", "folder.yar"));
    const large = put("large.yar", Buffer.alloc(17 * 1024 * 1024));
    await expect(readRulePacks([join(folder, "missing")])).rejects.toMatchObject(refused(/cannot be read/));
    await expect(readRulePacks([join(folder, "empty")])).rejects.toMatchObject(refused(/holds no/));
    await expect(readRulePacks([join(folder, "odd")])).rejects.toMatchObject(refused(/not a regular file/));
    await expect(readRulePacks([large])).rejects.toMatchObject(refused(/16 MiB/));
  });
});

describe("checkRulePacks", () => {
  const check = (source: string, milliseconds?: number) =>
    checkRulePacks({
      packs: [{ name: "ours.yar", source }],
      scratchRoot: folder,
      maxMemoryBytes: 1024 ** 3,
      ...(milliseconds !== undefined && { milliseconds }),
    });

  it("takes rules that use modules and the usual variables", async () => {
    await check(`import "pe"\nimport "math"\n${SIMPLE}\nrule Two { condition: pe.is_pe and filename != "" }`);
  });

  it.each<[string, RegExp, string]>([
    ["holds no rule", /ours\.yar: holds no rule/, "// nothing yet\n"],
    [
      "is cut short",
      /ours\.yar:1:26: syntax error: unclosed literal string/,
      'rule One { strings: $a = "x\n',
    ],
    ["does not compile", /ours\.yar:1:23: unknown identifier/, "rule One { condition: nosuch }"],
    [
      "may loop without bound",
      /ours\.yar:1:\d+: may loop over a whole file/,
      "rule One { condition: for any i in (0..filesize) : (uint8(i) == 1) }",
    ],
    ["includes another file", /ours\.yar:1:1: includes another file/, 'include "other.yar"'],
    [
      "speaks for itself",
      /imports the module console/,
      'import "console"\nrule One { condition: console.log("x") }',
    ],
    ["asks a sandbox", /imports the module cuckoo/, 'import "cuckoo"\nrule One { condition: filesize > 0 }'],
  ])("refuses what %s, with the reason", async (_what, reason, source) => {
    await expect(check(source)).rejects.toMatchObject(refused(reason));
  });

  it("ends the process over a pattern that would search for ever", async () => {
    const source = "rule One { strings: $a = /aaaa[^b]*b/s condition: $a }";
    await expect(check(source, 1000)).rejects.toMatchObject(
      refused(/ours\.yar: .*(takes longer|take \d+ s)/),
    );
  }, 60_000);

  it("believes no line that is none of ours", () => {
    for (const line of ["", "7", "{}", '{"type":"at"}', '{"type":"refused"}', '{"type":"other"}'])
      expect(() => readTrialMessage(line)).toThrow();
    const long = JSON.stringify({ type: "refused", because: "x".repeat(9000) });
    expect(readTrialMessage(long)).toMatchObject({ because: "x".repeat(2000) });
  });
});

describe("brought rules", () => {
  const observe = async (rulePacks: { name: string; source: string }[], text: string) => {
    const findings: Finding[] = [];
    await behaviours.observe?.(new MemorySource(Buffer.from(text)), {
      budget: new Budget(),
      format: "data",
      path: "README.md",
      maxHeldBytes: 1024 * 1024,
      rulePacks,
      report: (finding) => findings.push(finding),
    });
    return findings;
  };

  it("fail what they match, whatever kind of file it is", async () => {
    expect(await observe([{ name: "ours.yar", source: SIMPLE }], "a needle")).toEqual([
      {
        check: "rules",
        outcome: "fail",
        because: "matches the rule Simple of ours.yar: seen before",
        facts: { rule: "Simple", pack: "ours.yar", patterns: ["$a"], offsetBytes: 2, lengthBytes: 6 },
      },
    ]);
  });

  it("pass what they do not match, and say nothing when there are none", async () => {
    expect(await observe([{ name: "ours.yar", source: SIMPLE }], "hay")).toMatchObject([{ outcome: "pass" }]);
    expect(await observe([], "a needle")).toEqual([]);
  });

  it("count what matches beyond what is told", async () => {
    const many = Array.from({ length: 60 }, (_, index) => `rule R${index} { condition: filesize > 0 }`);
    const findings = await observe([{ name: "many.yar", source: many.join("\n") }], "x");
    expect(findings).toHaveLength(51);
    expect(findings.at(-1)?.because).toBe("matches 10 more rules that were brought along");
  });
});
