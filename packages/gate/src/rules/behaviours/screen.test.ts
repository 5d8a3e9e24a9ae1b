import { describe, expect, it } from "vitest";
import { compileRules } from "../rule-set.ts";
import { behaviourSources } from "./compile.ts";
import { screenForBehaviours, withAnyPattern } from "./screen.ts";

const script = (text: string) => Buffer.from(`// a file\n${text}\n`);
const PLAIN = script("export const add = (a, b) => a + b;");
const TELLING = script("exec('security find-generic-password -s login');");

describe("many members at once", () => {
  it("are told apart by whether a pattern stands in them", async () => {
    const members = [PLAIN, TELLING, PLAIN, Buffer.alloc(0), TELLING];
    expect(await screenForBehaviours(members)).toEqual([false, true, false, false, true]);
    expect(await screenForBehaviours([])).toEqual([]);
  });

  it("cannot show together what none shows alone", async () => {
    const halves = [Buffer.from("security find-gen"), Buffer.from("eric-password")];
    expect(await screenForBehaviours([Buffer.concat(halves)])).toEqual([true]);
    expect(await screenForBehaviours(halves)).toEqual([false, false]);
  });

  it("are all suspected when there is more to see than is looked for", async () => {
    const many = Buffer.from("security unlock-keychain ".repeat(21_000));
    expect(await screenForBehaviours([PLAIN, many, PLAIN])).toEqual([true, true, true]);
  });
});

describe("the rules for it", () => {
  it.each(behaviourSources().map((source) => [source.namespace, source.text] as const))(
    "ask for any pattern of %s, rule by rule",
    async (namespace, text) => {
      const screened = withAnyPattern(text);
      const count = (part: string, whole: string) => whole.split(part).length - 1;
      expect(count("any of them\n}", screened)).toBe(count("condition:", text));
      await compileRules([{ namespace, text: screened }], { mostHits: 1, mayAskExternals: false });
    },
  );

  it("miss nothing: no rule of ours matches what shows no pattern", async () => {
    const rules = await compileRules(behaviourSources(), { mostHits: 8, mayAskExternals: false });
    for (const bytes of [
      Buffer.alloc(0),
      Buffer.alloc(4096),
      Buffer.from("MZ"),
      Buffer.from("\x7fELF"),
      PLAIN,
    ])
      expect(rules.locate(bytes)).toEqual([]);
  });
});
