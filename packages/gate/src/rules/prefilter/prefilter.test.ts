import { Budget, MemorySource } from "@sallyport/core";
import { describe, expect, it } from "vitest";
import { NAMES } from "../behaviours/behaviour.ts";
import { behaviourPrefilter, behaviourRules, behaviourSources } from "../behaviours/compile.ts";
import { loadSample } from "../behaviours/load-sample.fixture.ts";
import { behaviours } from "../behaviours/registry.ts";
import { readCondition } from "./condition.ts";
import { needlesOfRegex } from "./needles.ts";
import { makePrefilter } from "./prefilter.ts";
import { readRules } from "./rule-text.ts";

describe("needlesOfRegex", () => {
  it.each<[string, string[][]]>([
    ["needle", [["needle"]]],
    ["Need[Ll]e and\\.more", [["need"], ["e and.more"]]],
    ["a+bcde?f{2}ghi", [["bcd"], ["ghi"]]],
    ["(first|second)thing", [["first", "second"], ["thing"]]],
    ["(first|)thing", [["thing"]]],
    ["(first)?thing|other[(|)]one", [["thing", "other"]]],
    ["long(deep(er|est)|shallow)\\(", [["long"], ["deep", "shallow"]]],
    ["\\bword\\s{1,4}\\x41next", [["word"], ["next"]]],
    ["ab|cdef", []],
    ["[a-z]{5}\\d+", []],
  ])("tells of /%s/ what stands in each match", (source, needles) => {
    expect(needlesOfRegex(source)).toEqual(needles);
  });
});

describe("readCondition", () => {
  const may = (text: string, ...found: string[]) =>
    readCondition(text, ["$a", "$b_one", "$b_two"])((name) => found.includes(name));

  it.each<[string, string[], boolean]>([
    ["$a and any of ($b_*)", ["$a"], false],
    ["$a and any of ($b_*)", ["$a", "$b_two"], true],
    ["2 of them", ["$a"], false],
    ["2 of ($a, $b_one)", ["$a", "$b_one"], true],
    ["all of them", ["$a", "$b_one"], false],
    ["filesize < 300KB and ($a or not $b_one)", [], true],
    ["uint16(0) == 0x5a4d and #a > 3", [], false],
    ["(uint32(0) == 0xfeedfacf or uint32be(0) == 0xcafebabe) and $a", ["$a"], true],
  ])("may %s hold with %j: %s", (text, found, expected) => {
    expect(may(text, ...found)).toBe(expected);
  });

  it.each(["$a and", "for any i in (1..3) : ($a)", "$a $b_one", "some of them"])(
    "refuses to read %s",
    (text) => {
      expect(() => readCondition(text, ["$a"])).toThrow("condition");
    },
  );
});

describe("the prefilter of our rules", () => {
  it("reads every rule", () => {
    for (const { text } of behaviourSources()) expect(readRules(text).length).toBeGreaterThan(0);
  });

  it("lets nothing pass that a rule matches, alone or with anything around it", async () => {
    const rules = await behaviourRules();
    const prefilter = behaviourPrefilter();
    const request = { budget: new Budget(), maxHeldBytes: 1024 * 1024 };
    for (const { id } of behaviours) {
      for (const { bytes } of (await loadSample(id)).shows) {
        const matches = await rules.scan(new MemorySource(bytes), request);
        for (const kind of Object.keys(NAMES))
          if (matches.some(({ metadata }) => metadata.files?.split(" ").includes(kind)))
            expect(prefilter.mayMatch(bytes, kind), `${id} in ${kind}`).toBe(true);
      }
    }
  });

  it("tells ordinary scripts without a scan", () => {
    const script = Buffer.from("export const add = (a, b) => a + b;\nconsole.log(add(1, 2));\n".repeat(100));
    expect(behaviourPrefilter().mayMatch(script, "script")).toBe(false);
  });

  it("leaves to a scan what it cannot tell", () => {
    const prefilter = makePrefilter([
      'rule one {\n  meta:\n    files = "script"\n  strings:\n    $a = "needle"\n  condition:\n    $a\n}\n',
    ]);
    expect(prefilter.mayMatch(Buffer.from("a NEEDLE"), "script")).toBe(true);
    expect(prefilter.mayMatch(Buffer.from("a needl"), "script")).toBe(false);
    expect(prefilter.mayMatch(Buffer.from("a needle"), "library")).toBe(false);
    expect(prefilter.mayMatch(Buffer.from("n\0e\0"), "script")).toBe(true);
    expect(prefilter.mayMatch(Buffer.alloc(300 * 1024, "x"), "script")).toBe(true);
  });
});
