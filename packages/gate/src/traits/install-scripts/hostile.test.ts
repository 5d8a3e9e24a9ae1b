import { describe, expect, it } from "vitest";
import { compareMembers, portraitOf } from "../trait.fixture.ts";
import { installScripts } from "./index.ts";

const PATH = "control.tar.xz/content/./postinst";
const draw = (text: string | Buffer, path = PATH) =>
  portraitOf([installScripts], { path, bytes: Buffer.from(text) });
const MOST = 512 * 1024;

describe("scripts that are made to be hard to read", () => {
  it.each([
    ["one quote", '"'.repeat(MOST)],
    ["escaped quotes", `"${'\\"'.repeat(MOST / 2 - 1)}`],
    ["a line of letters", "A".repeat(MOST)],
    ["lines that end in a backslash", "a\\\n".repeat(MOST / 3)],
    ["here documents", "x <<A\n".repeat(MOST / 6)],
    ["slashes", "/".repeat(MOST)],
    ["words that match", "curl ".repeat(MOST / 5)],
    ["almost escapes", "\\x4".repeat(MOST / 3)],
    ["spaces", " ".repeat(MOST)],
    ["brackets", `{"version":${"[".repeat(MOST - 100)}`],
  ])("is done with %s, and keeps little", async (_, text) => {
    const portrait = await draw(`#!/bin/sh\n${text}`.slice(0, MOST));
    expect(JSON.stringify(portrait.value("install-scripts") ?? {}).length).toBeLessThan(256 * 1024);
  });

  it("reads no script that is no text, and holds it when it comes", async () => {
    for (const bytes of [Buffer.alloc(64), Buffer.alloc(MOST + 1, 0x20)]) {
      const portrait = await draw(bytes);
      expect(compareMembers(installScripts, undefined, portrait)).toMatchObject([{ risk: "high" }]);
      const was = await draw("#!/bin/sh\n");
      expect(compareMembers(installScripts, was, portrait)).toMatchObject([{ risk: "high" }]);
    }
  });

  it("takes descriptions that are no descriptions for texts", async () => {
    for (const text of ["{", "{}", '{"scripts":[]}', '{"version":1,"scripts":{"install":{}}}', "[1]", "null"])
      expect(await draw(text, "package.json")).toBeDefined();
  });
});
