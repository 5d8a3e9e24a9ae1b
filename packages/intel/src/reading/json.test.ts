import { describe, expect, it } from "vitest";
import { parseJson } from "./json.ts";

const parse = (text: string) => parseJson(Buffer.from(text), "feed.json");

describe("JSON of a feed", () => {
  it.each([
    ['{\n"a": oops\n}', "feed.json:2: is not JSON"],
    ['{\n"a": 1,\n}', "feed.json:3: is not JSON"],
    ['{"a": 1}\n\nx', "feed.json:3: is not JSON"],
    ['{"a":\n\n"b\nc"}', "feed.json:3: is not JSON"],
    ["[1,\n2,\n03]", "feed.json:3: is not JSON"],
    ["nonsense", "feed.json:1: is not JSON"],
    ["<html>\n</html>", "feed.json:1: is not JSON"],
  ])("says on which line %j is wrong", (text, message) => {
    expect(() => parse(text)).toThrow(message);
  });

  it.each(['{"a": 1', '{"a": "b', '{"a": tru', "[", "[1,", '{"a', '{"a":{"b":[1,2', ""])(
    "knows that %j ends too early",
    (text) => {
      expect(() => parse(text)).toThrow(expect.objectContaining({ code: "feed.truncated" }));
    },
  );
});
