import { describe, expect, it } from "vitest";
import { portraitOf } from "../trait.fixture.ts";
import { buildInputs } from "./index.ts";

const MANY = 4 * 1024 * 1024;
const repeat = (text: string): Buffer => Buffer.from(text.repeat(Math.floor(MANY / text.length)));

describe("hostile build files", () => {
  // What is measured is that they end: each is four megabytes that a backtracking search would not finish.
  it.each([
    ["one long word", "a"],
    ["spaces", " "],
    ["pipes", "| "],
    ["pipes to shells", "|sh "],
    ["commands without an end", "eval $"],
    ["options", "grep -b "],
    ["options of interpreters", "python -x -y "],
    ["paths", "a/b.c/"],
    ["dots", "a."],
    ["continuations", "x \\\n"],
    ["quotes", "printf '\\x41\\x42\\x43"],
    ["redirections", ">aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"],
    ["backticks", "sh -c `"],
    ["lines that all count", "xz -dc a | sh\n"],
    ["bytes that are no text", "\xff\xfe"],
  ])("of nothing but %s are read to their end and little is kept", async (_, text) => {
    const portrait = await portraitOf([buildInputs], { path: "configure", bytes: repeat(text) });
    expect(JSON.stringify(portrait.value("build-inputs")).length).toBeLessThan(400_000);
  });

  it("are not read when they are larger than any is", async () => {
    const portrait = await portraitOf([buildInputs], {
      path: "Makefile",
      bytes: Buffer.alloc(9 * 1024 * 1024),
    });
    expect(portrait.value("build-inputs")).toBeUndefined();
  });
});
