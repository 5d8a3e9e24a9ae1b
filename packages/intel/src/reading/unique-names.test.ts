import { expect, it } from "vitest";
import { repeatedName } from "./unique-names.ts";

it.each([
  ['{"a":1,"a":2}', "a"],
  ['{"a":{"b":1},"c":[{"b":2,"b" : 3}]}', "b"],
  ['{"a":1,"\\u0061":2}', "a"],
  ['{"a\\"":1,"a\\"":2}', 'a"'],
  ['{"__proto__":1,"__proto__":2}', "__proto__"],
])("finds what stands twice in %s", (text, name) => {
  expect(repeatedName(text)).toBe(name);
});

it.each([
  '{"a":"a","b":"a"}',
  '[{"a":1},{"a":1}]',
  '{"a":{"a":{"a":1}}}',
  '"a"',
  "[]",
  '{"a":"{\\"a\\":1,\\"a\\":2}"}',
])("finds nothing in %s", (text) => {
  expect(repeatedName(text)).toBeUndefined();
});

it("takes time that grows with the text alone", () => {
  const text = `{${Array.from({ length: 200_000 }, (_, index) => `"${index}":[[]]`).join(",")}}`;
  expect(repeatedName(text)).toBeUndefined();
});
