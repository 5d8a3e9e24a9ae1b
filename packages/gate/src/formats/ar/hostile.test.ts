import { expect, it } from "vitest";
import { walkContainer } from "../container-walk.fixture.ts";
import { flips } from "../stream-walk.fixture.ts";
import { type ArPart, buildAr } from "./ar.fixture.ts";
import { ar } from "./index.ts";
import { sample } from "./sample.fixture.ts";

const open = (bytes: Buffer) => walkContainer(ar, bytes);

it("refuses an archive that is cut short anywhere inside a member, whatever stands there", async () => {
  const whole = sample();
  const ends = new Set<number>();
  for (let cut = 8; cut <= whole.length; cut += 1) {
    const { code, findings } = await open(whole.subarray(0, cut));
    if (code === "") ends.add(cut);
    else expect(code, `cut at ${cut}`).toBe("artifact.truncated");
    expect(findings, `cut at ${cut}`).toEqual([]);
  }
  // Between two members an archive may end: at once, after each of four, before and after the filling of three.
  expect(ends.size).toBeLessThanOrEqual(8);
});

it("answers flipped bytes with findings or our errors only", async () => {
  for (const flipped of flips(sample(), { count: 300, seed: 60 })) await open(flipped);
});

it.each(["", "-1", "12x", "0x10", " 5", "1 1", "+3"])("refuses the size %j", async (size) => {
  const { code } = await open(buildAr([{ name: "a/", bytes: "hello", size }]));
  expect(code).toBe("artifact.malformed");
});

it("does not believe a size beyond the end", async () => {
  const { code } = await open(buildAr([{ name: "a/", bytes: "hello", size: "9999999999" }]));
  expect(code).toBe("artifact.truncated");
});

it("reports what belongs to no member", async () => {
  const behind = Buffer.concat([sample(), Buffer.alloc(61, "x")]);
  const { findings } = await open(behind);
  expect(findings).toMatchObject([
    { check: "structure", outcome: "fail", facts: { lengthBytes: 61, offsetBytes: sample().length } },
  ]);
  const between = buildAr([{ name: "a/", bytes: "odd", padding: "x" }, { name: "b/" }]);
  expect((await open(between)).findings).toMatchObject([{ check: "structure", facts: { lengthBytes: 1 } }]);
});

const LONG_NAMES: [string, ArPart[]][] = [
  ["without a table", [{ name: "/0" }]],
  ["outside its table", [{ name: "//", bytes: "abc/\n\n" }, { name: "/6" }]],
  ["without an end", [{ name: "//", bytes: "abcdef" }, { name: "/0" }]],
  ["longer than its member", [{ name: "#1/20", bytes: "short" }]],
];
it.each(LONG_NAMES)("refuses a long name %s", async (_, parts) => {
  expect((await open(buildAr(parts))).code).toBe("artifact.malformed");
});

it("reports two tables of long names, and bounds one", async () => {
  const two = buildAr([
    { name: "//", bytes: "abcd/\n" },
    { name: "//", bytes: "efgh/\n" },
  ]);
  expect((await open(two)).findings).toMatchObject([{ check: "structure", outcome: "fail" }]);
  const large = buildAr([{ name: "//", bytes: Buffer.alloc(2000) }]);
  expect((await walkContainer(ar, large, { maxHeldBytes: 1000 })).code).toBe("artifact.over-limit");
});

it("reports names that climb, unless the archive is for linkers, which make no files of them", async () => {
  const long = { name: "//", bytes: "../../etc/profile.d/x.sh/\n" };
  const climbing = await open(buildAr([long, { name: "/0", bytes: "even" }]));
  expect(climbing.findings).toMatchObject([{ check: "member-names", facts: { escapes: true } }]);
  const library = await open(
    buildAr([{ name: "/", bytes: "\0\0\0\0" }, long, { name: "/0", bytes: "even" }]),
  );
  expect(library.findings).toEqual([]);
  expect(library.members.map(({ name }) => name)).toEqual(["symbols", "long-names", "x.sh"]);
});

it("does not claim to have opened what a thin archive only names", async () => {
  const parts = [
    { name: "//", bytes: "lib/a.o/\n\n" },
    { name: "/0", bytes: "four", isElsewhere: true },
    { name: "b.o/", bytes: "four", isElsewhere: true },
  ];
  const { code, findings } = await open(buildAr(parts, "!<thin>\n"));
  expect({ code, findings }).toEqual({ code: "artifact.unsupported", findings: [] });
});
