import { expect, it } from "vitest";
import { flips, walkStream } from "../stream-walk.fixture.ts";
import { tar } from "./index.ts";
import { archive, block, DECENT, decent, END, record, walk } from "./tar.fixture.ts";

it("refuses an archive cut short anywhere before its end mark", async () => {
  const lengths = [...Array(decent.length - 1023).keys()].filter(
    (length) => length % 7 === 0 || length % 512 < 2,
  );
  for (const length of lengths)
    expect((await walk(decent.subarray(0, length))).code, `cut at ${length}`).toBe("artifact.truncated");
});

it("answers flipped bytes in headers with an error, unless nothing changes", async () => {
  let refused = 0;
  for (const flipped of flips(decent.subarray(0, 512), { count: 200, seed: 1988 })) {
    const { members, code } = await walk(Buffer.concat([flipped, decent.subarray(512)]));
    // Behind the checksum's digits stand bytes that nobody reads.
    if (code === "") expect(members).toEqual(DECENT);
    else refused += 1;
  }
  expect(refused).toBeGreaterThan(190);
});

it("answers flipped bytes anywhere with findings or our errors only", async () => {
  for (const flipped of flips(decent, { count: 300, seed: 2024 })) await walk(flipped);
});

const HARD_SIZES: [string, Buffer | string][] = [
  ["negative", Buffer.alloc(12, 0xff)],
  ["larger than any file", Buffer.concat([Buffer.from([0x80, 0, 0, 0]), Buffer.alloc(8, 0x7f)])],
  ["no number", "hello world\0"],
];
it.each(HARD_SIZES)("refuses a size that is %s", async (_, size) => {
  expect((await walk(archive({ size }))).code).toBe("artifact.malformed");
});

it("does not believe a size beyond the archive's end", async () => {
  expect((await walk(archive({ size: "77777777777\0", text: "short" }))).code).toBe("artifact.truncated");
  const pax = { type: "x", text: record("size", "9007199254740991") };
  expect((await walk(archive(pax, { text: "short" }))).code).toBe("artifact.truncated");
});

const LIES: [string, Buffer, string][] = [
  ["two sizes", archive({ type: "x", text: record("size", "5") }, { text: "hidden" }), "has two sizes"],
  [
    "a size with bytes behind it",
    archive({ size: "00000000004x", text: "four" }),
    "has a size that readers take differently",
  ],
  ["content in a folder", archive({ type: "5", name: "f", text: "hidden" }), "has content that its kind"],
  [
    "content in a link",
    Buffer.concat([block({ type: "1", linkTarget: "b", size: "00000000006\0" }), END]),
    "has content that its kind",
  ],
  ["an unknown kind", archive({ type: "Q", text: "odd" }), "is of a kind"],
  ["a name twice", archive({ text: "1" }, { text: "2" }), "is there twice"],
  [
    "a global size",
    archive({ type: "g", text: record("size", "4") }, { text: "four" }),
    "from a header for all members",
  ],
  [
    "a path given twice",
    archive({ type: "x", text: record("path", "b") + record("path", "c") }, {}),
    "gives path twice",
  ],
  ["a zero byte in a path", archive({ type: "x", text: record("path", "b\0c") }, {}), "has a zero byte"],
  ["a long name with more behind it", archive({ type: "L", text: "b\0c\0" }, {}), "has bytes behind the end"],
  [
    "two long names",
    archive({ type: "L", text: "b\0" }, { type: "L", text: "c\0" }, {}),
    "has two long names",
  ],
  [
    "a member after the end",
    Buffer.concat([decent, block({ name: "later.txt", text: "hidden" })]),
    "bytes after its end",
  ],
  [
    "a member after half an end",
    Buffer.concat([block({}), END.subarray(512), block({ name: "b" }), END]),
    "bytes after its end",
  ],
];
it.each(LIES)("reports %s", async (_, bytes, because) => {
  const { findings, code } = await walk(bytes);
  expect(code).toBe("");
  expect(findings).toHaveLength(1);
  expect(findings[0]).toMatchObject({
    check: "structure",
    outcome: "fail",
    because: expect.stringContaining(because),
  });
});

const ESCAPES: [string, Buffer][] = [
  ["climbs", archive({ name: "../x" })],
  ["is absolute", archive({ name: "/etc/x" })],
  ["climbs by its pax name", archive({ type: "x", text: record("path", "../x") }, {})],
  ["climbs in its short form only", archive({ type: "x", text: record("path", "x") }, { name: "../x" })],
  ["is a link out of the archive", archive({ name: "a/b", type: "2", linkTarget: "../../x" })],
  ["is a hard link out of the archive", archive({ name: "a/b", type: "1", linkTarget: "../x" })],
  ["is a hard link to an absolute place", archive({ name: "a/b", type: "1", linkTarget: "/etc/passwd" })],
  ["lies below a link", archive({ name: "a", type: "2", linkTarget: "b" }, { name: "./a/x" })],
];
it.each(ESCAPES)("reports a name that %s", async (_, bytes) => {
  const { findings } = await walk(bytes);
  expect(findings.some(({ check, facts }) => check === "member-names" && facts.escapes === true)).toBe(true);
});

it("reports devices and pipes", async () => {
  for (const type of ["3", "4", "6"])
    expect((await walk(archive({ name: "dev", type }))).findings).toMatchObject([
      { check: "member-names", outcome: "fail" },
    ]);
});

it("does not claim to have opened sparse members of star, and parts of what other volumes have", async () => {
  for (const part of [{ type: "S" }, { type: "S", magic: "" }, { type: "M" }])
    expect((await walk(archive({ ...part, text: "part" }))).code).toBe("artifact.unsupported");
});

it("bounds extended headers, names and members", async () => {
  const huge = archive({ type: "x", size: "00100000000\0" });
  expect((await walk(huge)).code).toBe("artifact.over-limit");
  for (const text of ["6 a=\n", "999999 path=x\n", "0 path=x\n", "path=x\n", "9 pathxx\n"])
    expect((await walk(archive({ type: "x", text }, {}))).code, text).toBe("artifact.malformed");
  expect((await walk(Buffer.concat([block({ type: "x", text: record("path", "b") }), END]))).code).toBe(
    "artifact.malformed",
  );
  const many = archive(...Array.from({ length: 50 }, (_, at) => ({ name: `f${at}`, type: "5" })));
  expect((await walk(many, { limits: { entries: 20 } })).code).toBe("artifact.over-limit");
  expect((await walk(decent, { maxHeldBytes: 300 })).code).toBe("artifact.over-limit");
  expect((await walk(decent, { limits: { bytes: 100 } })).code).toBe("artifact.over-limit");
});

it("does not call an absolute symbolic link an escape, only what leads through it", async () => {
  const link = { name: "usr/lib/ld.so", type: "2", linkTarget: "/lib/ld.so" } as const;
  const alone = await walkStream(tar, archive(link));
  expect(alone.findings).toMatchObject([
    { check: "member-names", outcome: "fail", facts: { escapes: false } },
  ]);
  const followed = await walkStream(tar, archive(link, { name: "usr/lib/ld.so/x" }));
  expect(followed.findings.some(({ facts }) => facts.escapes === true)).toBe(true);
});

it("does not take a program that has the magic as text at its place for a tar", () => {
  const head = Buffer.from(
    "var GNU_MAGIC = Buffer.from(".padStart(256) + "'ustar\\x20', 'binary')\n".padEnd(300),
  );
  expect(head.toString("latin1", 257, 262)).toBe("ustar");
  expect(tar.recognise({ head, tail: head, sizeBytes: head.length })).toBe(false);
});
