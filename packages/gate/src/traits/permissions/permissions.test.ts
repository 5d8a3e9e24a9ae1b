import { describe, expect, it } from "vitest";
import type { MemberAttributes } from "../../artifact.ts";
import { contextOf, portraitOf } from "../trait.fixture.ts";
import type { Pair } from "../trait.ts";
import { permissions } from "./index.ts";

type Rights = readonly [
  path: string,
  before: MemberAttributes | undefined,
  after: MemberAttributes,
  format?: string,
];

async function compare(rights: readonly Rights[]): Promise<string[]> {
  const draw = (path: string, format: string, attributes: MemberAttributes) =>
    portraitOf([], { path, format, attributes, bytes: Buffer.from(path) });
  const pairs: Pair[] = [];
  for (const [path, before, after, format = "data"] of rights)
    pairs.push({
      before: before && (await draw(path, format, before)),
      after: await draw(path, format, after),
      how: before === undefined ? "added" : "path",
    });
  const found = permissions.compareReleases?.(contextOf(pairs)) ?? [];
  return [...found].map(
    ({ rule, risk, path, before, after }) =>
      `${risk} ${rule} ${path} ${before?.text ?? ""} ${after?.text ?? ""}`,
  );
}
const mode = (unixMode: number): MemberAttributes => ({ unixMode });

describe("rights of another", () => {
  it("holds what now runs as its owner or group, the same bytes as well", async () => {
    expect(
      await compare([
        ["a", mode(0o755), mode(0o4755)],
        ["b", mode(0o755), mode(0o2755)],
        ["c", undefined, mode(0o6711)],
      ]),
    ).toEqual([
      "high acts-for-another a rwxr-xr-x rwsr-xr-x",
      "high acts-for-another b rwxr-xr-x rwxr-sr-x",
      "high acts-for-another c  rws--s--x",
    ]);
  });

  it("holds capabilities that came or changed", async () => {
    const found = await compare([
      ["a", mode(0o755), { unixMode: 0o755, capabilities: "0100" }],
      ["b", { capabilities: "0100" }, { capabilities: "0100" }],
    ]);
    expect(found).toEqual(["high capability a none 0100"]);
  });

  it("says nothing of what was so before, or went", async () => {
    expect(
      await compare([
        ["a", mode(0o4755), mode(0o4711)],
        ["b", mode(0o4755), mode(0o755)],
        ["c", mode(0o644), mode(0o2644)],
      ]),
    ).toEqual([]);
  });
});

describe("ordinary rights", () => {
  it("shows one file that everybody may write, and takes many for a builder's settings", async () => {
    expect(
      await compare([
        ["a", mode(0o644), mode(0o666)],
        ["b", mode(0o644), mode(0o644)],
      ]),
    ).toEqual(["medium writable-by-all a rw-r--r-- rw-rw-rw-"]);
    const many = Array.from({ length: 10 }, (_, at): Rights => [`f${at}`, mode(0o644), mode(0o666)]);
    expect(await compare(many)).toHaveLength(10);
    expect((await compare(many)).every((line) => line.startsWith("low"))).toBe(true);
    const usual: Rights[] = many.map(([path]) => [path, mode(0o666), mode(0o666)]);
    expect(await compare([...usual, ["new", undefined, mode(0o666)]])).toEqual([
      "info writable-by-all new  rw-rw-rw-",
    ]);
  });

  it("takes the right to be run for an oversight mended, unless it is no program", async () => {
    expect(
      await compare([
        ["a", mode(0o644), mode(0o755), "shell"],
        ["b", mode(0o644), mode(0o755), "elf"],
      ]),
    ).toEqual(["info executable a rw-r--r-- rwxr-xr-x", "info executable b rw-r--r-- rwxr-xr-x"]);
    expect(await compare([["logo.png", mode(0o644), mode(0o755)]])).toEqual([
      "low executable logo.png rw-r--r-- rwxr-xr-x",
    ]);
  });

  it("knows nothing of containers without rights", async () => {
    expect(
      await compare([
        ["a", {}, mode(0o755)],
        ["b", mode(0o755), {}],
      ]),
    ).toEqual([]);
  });
});
