import { expect, it } from "vitest";
import { readStanza } from "./stanza.ts";

it("reads fields, whatever their case, and the lines that continue them", () => {
  const stanza = readStanza("Package:  demo \t\nsha256:\n one\n  two\nDescription: a\u2028b\n");
  expect(Object.fromEntries(stanza)).toEqual({
    package: "demo",
    sha256: "\none\n two",
    description: "a\u2028b",
  });
});

it("takes no longer for spaces that nothing ends", () => {
  const spaces = " ".repeat(4_000_000);
  expect(readStanza(`A:${spaces}\rx`).get("a")).toBe("\rx");
});
