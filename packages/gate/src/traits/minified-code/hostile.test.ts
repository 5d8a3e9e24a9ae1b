import { Budget, MemorySource } from "@sallyport/core";
import { expect, it } from "vitest";
import { MAX_SOURCE_BYTES } from "../../source-code/source-text.ts";
import { portraitOf } from "../trait.fixture.ts";
import type { Trait } from "../trait.ts";
import { minifiedCode } from "./index.ts";

const SIZE = 2 * 1024 * 1024;
const filled = (piece: string, size = SIZE): Buffer => Buffer.alloc(size, piece);

it.each([
  ["quotation marks", filled('"')],
  ["brackets", filled("[")],
  ["calls", filled("eval(")],
  ["calls that are decoded", filled("eval(atob(x));")],
  ["strings that are put together", filled(`"a"+`)],
  ["properties", filled(`a["b"]`)],
  ["back quotes", filled("`${")],
  ["lines that are no code", filled("@ \n")],
  ["slashes", filled("/")],
  ["groups of a regular expression", Buffer.from(`/${"(".repeat(SIZE / 2)}`)],
  ["named groups", Buffer.from(`/${Array.from({ length: 20_000 }, (_, at) => `(?<n${at}>)`).join("")}/`)],
  ["digits of a number", Buffer.from(`x=${"9".repeat(SIZE)}n`)],
  ["one long string", Buffer.from(`x="${"A".repeat(MAX_SOURCE_BYTES)}"`)],
  ["one long name", filled("a", MAX_SOURCE_BYTES)],
  ["turns", filled("a.push(a.shift());")],
  ["spaces", filled(" ")],
  ["variation selectors", filled("\ufe0f")],
])("comes to an end with %s", async (_, bytes) => {
  const portrait = await portraitOf([minifiedCode as Trait], { path: "index.js", bytes });
  expect(JSON.stringify(portrait.value("minified-code") ?? {}).length).toBeLessThan(16 * 1024);
});

it("finds what stands at the end of a file that is longer than what is read", async () => {
  const bytes = Buffer.concat([
    filled("call(value);\n", MAX_SOURCE_BYTES + 3_000),
    Buffer.from("eval(atob(payload));"),
  ]);
  const portrait = await portraitOf([minifiedCode as Trait], { path: "index.js", bytes });
  expect(portrait.value("minified-code")).toMatchObject({
    truncated: true,
    signs: { "decode-then-run": { count: 1 } },
  });
});

it("stops when the time is up", async () => {
  const observe = minifiedCode.observe?.bind(minifiedCode);
  let now = 0;
  const budget = new Budget({ entries: 1, bytes: 1, depth: 1, milliseconds: 10 }, () => (now += 6));
  const context = {
    budget,
    format: "javascript",
    path: "a.js",
    maxHeldBytes: 1,
    rulePacks: [],
    report: () => {},
  };
  await expect(observe?.(new MemorySource(filled("a;")), context)).rejects.toMatchObject({
    code: "artifact.over-limit",
  });
});
