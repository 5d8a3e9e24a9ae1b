import { expect, it } from "vitest";
import { flips } from "../stream-walk.fixture.ts";
import { archive, block, END, record, sealed, walk } from "./tar.fixture.ts";

type Pieces = readonly (readonly [offset: number, size: number])[];
const octal = (value: number) => `${value.toString(8).padStart(11, "0")}\0`;

/** An old GNU sparse member: four pieces in the header, 21 in each block behind it. */
function gnu(pieces: Pieces, text: string, realBytes: number): Buffer {
  const member = block({ type: "S", magic: "ustar  ", text });
  const header = Buffer.from(member.subarray(0, 512));
  const write = (to: Buffer, at: number, part: Pieces) => {
    for (const [index, [offset, size]] of part.entries())
      to.write(octal(offset) + octal(size), at + index * 24, "latin1");
  };
  write(header, 386, pieces.slice(0, 4));
  header.write(octal(realBytes), 483, "latin1");
  const more: Buffer[] = [];
  for (let at = 4; at < pieces.length; at += 21) {
    const further = Buffer.alloc(512);
    write(further, 0, pieces.slice(at, at + 21));
    if (at + 21 < pieces.length) further[504] = 1;
    more.push(further);
  }
  if (more.length > 0) header[482] = 1;
  const whole = sealed(header, Buffer.alloc(0));
  return Buffer.concat([whole, ...more, member.subarray(512), END]);
}

const records = (values: Readonly<Record<string, string | number>>) =>
  Object.entries(values)
    .map(([key, value]) => record(`GNU.sparse.${key}`, String(value)))
    .join("");
const pax = (values: Readonly<Record<string, string | number>>, text: string) =>
  archive({ type: "x", text: records(values) }, { name: "GNUSparseFile.0/a.txt", text });
const old = (map: string, size: number, text: string) =>
  pax({ size, numblocks: map.split(",").length / 2, map, name: "a.txt" }, text);
const repeated = (text: string, data: string) => archive({ type: "x", text }, { text: data });
const withFront = (numbers: readonly (number | string)[], text: string, realsize = 10) => {
  const map = `${numbers.join("\n")}\n`;
  const front = map.padEnd(Math.ceil(map.length / 512) * 512, "\0");
  return pax({ major: 1, minor: 0, name: "a.txt", realsize }, front + text);
};

const BLOCK = "a".repeat(512);
const HOLE = "\0".repeat(512);
const many = Array.from({ length: 60 }, (_, at) => [at * 1024, 512] as const);
const manyText = BLOCK.repeat(60);
const manyFile = `${BLOCK}${HOLE}`.repeat(60);
const two = `${BLOCK}${HOLE}bc\0\0`;

const DECENT: [string, Buffer, string][] = [
  [
    "old GNU",
    gnu(
      [
        [2, 3],
        [10, 0],
      ],
      "abc",
      10,
    ),
    "\0\0abc\0\0\0\0\0",
  ],
  ["old GNU of many pieces", gnu(many, manyText, 61_440), manyFile],
  ["old GNU of nothing but a hole", gnu([[10, 0]], "", 10), "\0".repeat(10)],
  ["pax 0.1", old("0,512,1024,2", 1028, `${BLOCK}bc`), two],
  ["pax 1.0", withFront([2, 0, 512, 1024, 2], `${BLOCK}bc`, 1028), two],
  ["pax 1.0 of many pieces", withFront([60, ...many.flat()], manyText, 61_440), manyFile],
  ["pax 1.0 of nothing", withFront([0], "", 0), ""],
  [
    "pax 0.0",
    repeated(
      records({ size: 1028, numblocks: 2 }) +
        records({ offset: 0, numbytes: 512 }) +
        records({ offset: 1024, numbytes: 2 }),
      `${BLOCK}bc`,
    ),
    two,
  ],
];

it.each(DECENT)("fills the holes of %s, in pieces of any size", async (_, bytes, text) => {
  for (const pieceBytes of [1, 511, 1 << 20]) {
    const { members, findings, code } = await walk(bytes, { pieceBytes });
    expect({ members, findings, code }).toEqual({
      members: [{ name: "a.txt", text }],
      findings: [],
      code: "",
    });
  }
});

it.each(DECENT)(
  "refuses %s cut short, and answers flips with findings or our errors only",
  async (_, bytes) => {
    for (let length = 0; length < bytes.length - 1024; length += 101)
      expect((await walk(bytes.subarray(0, length))).code, `cut at ${length}`).toBe("artifact.truncated");
    for (const flipped of flips(bytes, { count: 150, seed: 1990 }))
      expect((await walk(flipped, { limits: { bytes: 1 << 20 } })).code).toMatch(/^(?:artifact\..*)?$/);
  },
);

const LIES: [string, Buffer, string][] = [
  [
    "overlapping pieces",
    gnu(
      [
        [0, 2],
        [1, 1],
      ],
      "abc",
      10,
    ),
    "overlap",
  ],
  ["pieces out of order", old("4,2,0,1", 10, "abc"), "out of order"],
  ["pieces beyond the size", withFront([1, 8, 3], "abc"), "reaches beyond its size"],
  ["a huge piece", old("0,9007199254740991", 10, "abc"), "reaches beyond its size"],
  ["less than the map places", old("0,1,4,9", 20, "abc"), "other bytes than its sparse map"],
  ["more than the map places", withFront([1, 0, 1], "abc"), "other bytes than its sparse map"],
  ["a map without a size", pax({ map: "0,3", name: "a.txt" }, "abc"), "without a size"],
  ["half a piece", old("0,3,7", 10, "abc"), "damaged"],
  ["a size without its offset", repeated(records({ size: 9, numbytes: 3 }), "abc"), "damaged"],
  ["text for numbers", withFront(["1", "x", "3"], "abc"), "damaged"],
  ["a map beyond the content", withFront(Array(300).fill(900), ""), "damaged"],
];
it.each(LIES)("reports %s, and does not open the member", async (_, bytes, because) => {
  const { findings, code, members } = await walk(bytes);
  expect(findings).toContainEqual(
    expect.objectContaining({
      check: "structure",
      outcome: "fail",
      because: expect.stringContaining(because),
    }),
  );
  expect({ code, members }).toEqual({ code: "artifact.malformed", members: [] });
});

const DOUBTFUL: [string, Buffer, string][] = [
  ["two sizes", pax({ size: 10, realsize: 11, map: "0,3", name: "a.txt" }, "abc"), "two sizes"],
  ["a count that is not the map's", pax({ size: 9, numblocks: 2, map: "0,3" }, "abc"), "another length"],
  [
    "a map given twice",
    archive({ type: "x", text: records({ size: 9, map: "0,3" }) + records({ map: "3,3" }) }, { text: "abc" }),
    "twice",
  ],
  ["bytes behind the map", withFront([1, 0, 3, "hidden"], "abc"), "behind its sparse map"],
  [
    "a map in two forms",
    archive(
      { type: "x", text: records({ major: 1, minor: 0, size: 9, map: "0,3" }) },
      { text: `${"1\n0\n3\n".padEnd(512, "\0")}abc` },
    ),
    "two sparse maps",
  ],
];
it.each(DOUBTFUL)("reports %s", async (_, bytes, because) => {
  const { findings } = await walk(bytes);
  expect(findings).toContainEqual(
    expect.objectContaining({
      check: "structure",
      outcome: "fail",
      because: expect.stringContaining(because),
    }),
  );
});

it("reports pieces behind the end of an old GNU map", async () => {
  const bytes = gnu([[0, 3]], "abc", 10);
  bytes.write(octal(3) + octal(3), 386 + 48, "latin1");
  const { findings } = await walk(
    Buffer.concat([sealed(bytes.subarray(0, 512), Buffer.alloc(0)), bytes.subarray(512)]),
  );
  expect(findings).toMatchObject([
    { check: "structure", because: "has a sparse map that goes on behind its end" },
  ]);
});

it("reports pieces that GNU tar looks for in blocks of their own", async () => {
  const { members, findings } = await walk(old("0,1,4,2", 6, "abc"));
  expect(members).toEqual([{ name: "a.txt", text: "a\0\0\0bc" }]);
  expect(findings).toMatchObject([
    { check: "structure", because: "has a sparse map whose pieces readers take from different places" },
  ]);
});

it("judges the name that readers without sparse files use", async () => {
  const text = record("path", "../x") + records({ size: 3, map: "0,3", name: "a.txt" });
  const { findings } = await walk(archive({ type: "x", text }, { text: "abc" }));
  expect(findings).toMatchObject([{ check: "member-names", facts: { escapes: true } }]);
});

it("counts holes against the budget", async () => {
  const { code, spentBytes } = await walk(old("0,3", 2 ** 50, "abc"), { limits: { bytes: 1 << 20 } });
  expect(code).toBe("artifact.over-limit");
  expect(spentBytes).toBeLessThan(2 << 20);
});

it("bounds maps and their numbers", async () => {
  expect((await walk(withFront([2 ** 40], "abc"))).code).toBe("artifact.over-limit");
  expect((await walk(withFront(["9".repeat(20)], "abc"))).code).toBe("artifact.malformed");
  expect((await walk(withFront(["0".repeat(5000)], "abc"))).code).toBe("artifact.malformed");
  expect((await walk(pax({ major: 2, minor: 0, size: 3 }, "abc"))).code).toBe("artifact.unsupported");
});
