import { Budget, MemorySource } from "@sallyport/core";
import { afterEach, describe, expect, it } from "vitest";
import { similarity } from "../traits/similarity/index.ts";
import type { Pair } from "../traits/trait.ts";
import { pairMembers } from "./pairing.ts";
import { closeReleases, type MemberRequest, releaseOf } from "./release.fixture.ts";

afterEach(closeReleases);

const pair = (before: Record<string, MemberRequest>, after: Record<string, MemberRequest>): readonly Pair[] =>
  pairMembers(releaseOf(before), releaseOf(after), new Budget());

/** `old → new (how)`, without the root and without what stayed where it was. */
const told = (pairs: readonly Pair[]): string[] =>
  pairs
    .filter((one) => one.before?.member.path !== one.after?.member.path)
    .map((one) => `${one.before?.member.path ?? "-"} → ${one.after?.member.path ?? "-"} (${one.how})`);

describe("members are paired", () => {
  it("by their path, whatever became of them", () => {
    const pairs = pair({ "a.txt": { content: "1" } }, { "a.txt": { content: "2", format: "pe" } });
    expect(pairs).toMatchObject([{ how: "path" }, { how: "path", after: { member: { format: "pe" } } }]);
    expect(told(pairs)).toEqual([]);
  });

  it("when versions, counters or hashes of content in their path changed", () => {
    const pairs = pair(
      {
        "app-1.2.3/lib.so": {},
        "app-1.2.3/main.4f3a2b1c.js": { content: "a" },
        "libx.so.6": { content: "b" },
      },
      {
        "app-1.3.0/lib.so": { content: "c" },
        "app-1.3.0/main.99e0d1aa.js": { content: "d" },
        "libx.so.7": {},
      },
    );
    expect(told(pairs)).toEqual([
      "app-1.2.3/lib.so → app-1.3.0/lib.so (path)",
      "app-1.2.3/main.4f3a2b1c.js → app-1.3.0/main.99e0d1aa.js (path)",
      "libx.so.6 → libx.so.7 (path)",
    ]);
  });

  it("by their bytes, when they were moved", () => {
    expect(told(pair({ "a/x.dll": { content: "x" } }, { "b/y.dll": { content: "x" } }))).toEqual([
      "a/x.dll → b/y.dll (similarity)",
    ]);
  });

  it("by what they claim to be and for which processor", () => {
    const claim = (architecture: string) => ({
      format: "pe",
      identity: { product: "Example", originalName: "core.dll", architecture },
    });
    const pairs = pair(
      { "bin/one.dll": { content: "1", ...claim("x86") }, "bin/two.dll": { content: "2", ...claim("x64") } },
      { "new/two.dll": { content: "4", ...claim("x86") }, "new/one.dll": { content: "3", ...claim("x64") } },
    );
    expect(told(pairs)).toEqual([
      "bin/one.dll → new/two.dll (identity)",
      "bin/two.dll → new/one.dll (identity)",
    ]);
  });

  it("inside the container that moved", () => {
    const pairs = pair(
      { "old.zip": { content: "z", format: "zip" }, "old.zip/a": { content: "1" }, "x/a": { content: "2" } },
      { "new.zip": { content: "z", format: "zip" }, "new.zip/a": { content: "3" }, "x/a": { content: "4" } },
    );
    expect(told(pairs)).toEqual(["old.zip → new.zip (similarity)", "old.zip/a → new.zip/a (path)"]);
  });

  it("by content, the closest first, and never across formats", async () => {
    const drawn = async (seed: number, changed: string, format = "elf"): Promise<MemberRequest> => {
      const text = Array.from({ length: 3000 }, (_, index) => ((index * seed) % 251).toString(36)).join("");
      const bytes = Buffer.from(text + changed);
      const digest = await similarity.observe?.(new MemorySource(bytes), {
        budget: new Budget(),
        format,
        path: "",
        maxHeldBytes: bytes.length,
        rulePacks: [],
        report: () => undefined,
      });
      return { content: text + changed, format, values: { similarity: digest } };
    };
    const pairs = pair(
      { first: await drawn(7, "a"), second: await drawn(113, "b") },
      { third: await drawn(113, "c"), fourth: await drawn(7, "d"), fifth: await drawn(7, "e", "pe") },
    );
    expect(told(pairs)).toEqual([
      "second → third (similarity)",
      "first → fourth (similarity)",
      "- → fifth (added)",
    ]);
  });

  it("or came, or went", () => {
    expect(told(pair({ gone: { format: "elf" } }, { came: { format: "pe" } }))).toEqual([
      "- → came (added)",
      "gone → - (removed)",
    ]);
  });

  it("in time that grows with their number", () => {
    const many = (tag: string) =>
      Object.fromEntries(
        Array.from({ length: 20_000 }, (_, index) => [`d/${index}/${tag}`, { content: `${tag}${index}` }]),
      );
    expect(pair(many("a"), many("b"))).toHaveLength(40_001);
  });
});
