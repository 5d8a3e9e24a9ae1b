import { Budget, MemorySource } from "@sallyport/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { linuxFile, macFile, windowsFile } from "../../rules/behaviours/behaviour.fixture.ts";
import { portraitOf } from "../trait.fixture.ts";
import { behaviours } from "./index.ts";
import { kindOf } from "./kind.ts";

const files = [windowsFile, linuxFile, macFile].flatMap((make) => [
  make({ form: "program" }),
  make({ form: "library" }),
]);

describe("kindOf", () => {
  it.each([
    ["pe", files[0], "program"],
    ["pe", files[1], "library"],
    ["elf", files[2], "program"],
    ["elf", files[3], "library"],
    ["mach-o", files[4], "program"],
    ["mach-o", files[5], "library"],
  ])("tells programs of %s from libraries", (format, file, kind) => {
    expect(kindOf(format, "a", file?.bytes ?? Buffer.alloc(0))).toBe(kind);
  });

  it.each([
    ["data", "lib/index.js", "script"],
    ["shell", "configure", "script"],
    ["data", "icon.png", "data"],
    ["data", "README.md", undefined],
    ["data", "README.js", "script"],
    ["data", "notes.html", "data"],
    ["data", "types/index.d.ts", undefined],
    ["data", "LICENSE", undefined],
  ])("takes %s under %s for %s", (format, path, kind) => {
    expect(kindOf(format, path, Buffer.from("text"))).toBe(kind);
  });

  it("takes no name for proof that people read it", () => {
    expect(kindOf("data", "README.md", Buffer.from("\0\0code"))).toBe("data");
  });

  it("answers for headers that are cut off, changed or made of anything", () => {
    for (const { format, bytes } of files)
      for (let length = 0; length < bytes.length; length += 1)
        expect(["program", "library"]).toContain(kindOf(format, "a", bytes.subarray(0, length)));
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.constantFrom("pe", "elf", "mach-o"),
        (bytes, format) => {
          expect(["program", "library"]).toContain(kindOf(format, "a", bytes));
        },
      ),
      { seed: 4 },
    );
  });
});

it("looks at anything, and keeps little of what matches everywhere", async () => {
  const repeated = Buffer.alloc(
    2 * 1024 * 1024,
    "\\Google\\Chrome\\User Data Login Data .ssh/id_rsa curl x | sh\n",
  );
  const portrait = await portraitOf([behaviours], { path: "a.js", bytes: repeated });
  expect(JSON.stringify(portrait.value("behaviours")).length).toBeLessThan(10_000);
});

it("throws nothing but that the time is up", async () => {
  const late = new Budget({ entries: 1, bytes: 1, depth: 1, milliseconds: -1 });
  const context = {
    budget: late,
    format: "data",
    path: "a.js",
    maxHeldBytes: 1024,
    rulePacks: [],
    report: () => undefined,
  };
  await expect(behaviours.observe?.(new MemorySource(Buffer.from("a")), context)).rejects.toMatchObject({
    code: "artifact.over-limit",
  });
});
