import { describe, expect, it } from "vitest";
import { memberAt, readJson, textMember } from "./read-json.ts";

const read = (text: string) => readJson(Buffer.from(text), "the test");

describe("JSON of others", () => {
  it("reads what is ordinary", () => {
    expect(read('{"a":[{"b":"c:\\"d\\"{"}],"b":1}')).toEqual({ a: [{ b: 'c:"d"{' }], b: 1 });
  });

  it.each([['{"a":1,"a":2}'], ['{"a":1,"\\u0061":2}'], ['{"x":[{"a":{"b":1,"c":"}","b":2}}]}']])(
    "refuses a name that comes twice: %s",
    (text) => {
      expect(() => read(text)).toThrow(/twice/);
    },
  );

  it("takes the same name in two objects", () => {
    expect(read('[{"a":1},{"a":2}]')).toHaveLength(2);
  });

  it("refuses deep nesting, bad UTF-8 and what is no JSON", () => {
    expect(() => read("[".repeat(100_000))).toThrow(/nested/);
    expect(read(`"${"\\n".repeat(4_000_000)}"`)).toHaveLength(4_000_000);
    expect(() => read(`"${"\\".repeat(4_000_001)}"`)).toThrow(/not JSON/);
    expect(() => readJson(Buffer.from([0x22, 0xff, 0x22]), "the test")).toThrow(/UTF-8/);
    for (const text of ["", "{", '{"a"}', "{'a':1}", '{"a":1}x', '"a'])
      expect(() => read(text), text).toThrow(/not JSON/);
  });

  it("does not take what every object inherits for a member", () => {
    expect(textMember(read("{}"), "constructor")).toBeUndefined();
    expect(memberAt(read('{"__proto__":{"a":"b"}}'), "__proto__", "a")).toBe("b");
  });
});
