import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareMembers, portraitOf } from "../trait.fixture.ts";
import { launchPaths } from "./index.ts";
import { PLACES } from "./places.ts";

describe("places in hostile bytes", () => {
  it("takes any bytes, on both sides", async () => {
    const words = fc.constantFrom(
      ...PLACES.flatMap(({ texts }) => texts),
      "\\",
      "Run",
      "writeFile",
      "\n// ",
      "\0",
    );
    const bytes = fc
      .array(fc.oneof(words, fc.string()), { maxLength: 40 })
      .map((parts) => Buffer.from(parts.join("")));
    await fc.assert(
      fc.asyncProperty(bytes, bytes, async (before, after) => {
        const draw = (content: Buffer) => portraitOf([launchPaths], { path: "a.js", bytes: content });
        for (const { because } of compareMembers(launchPaths, await draw(before), await draw(after)))
          expect(because).not.toContain("%");
      }),
      { seed: 4, numRuns: 100 },
    );
  });

  it.each(["LaunchAgents", "CurrentVersion\\Run", ".bashrc", "crontab -", "reg add"])(
    "keeps little of megabytes of %j",
    async (text) => {
      const portrait = await portraitOf([launchPaths], {
        path: "a.js",
        bytes: Buffer.alloc(3 * 1024 * 1024, text),
      });
      expect(JSON.stringify(portrait.value("launch-paths") ?? "").length).toBeLessThan(2_000);
    },
  );
});
