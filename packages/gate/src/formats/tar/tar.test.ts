import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { extract, pack } from "tar-stream";
import { afterAll, expect, it } from "vitest";
import { gzip } from "../gzip/index.ts";
import { flips, streamContext, walkStream } from "../stream-walk.fixture.ts";
import { tar } from "./index.ts";

interface Part {
  readonly name?: string;
  readonly type?: string;
  readonly text?: string;
  /** The size field as it stands, when it is to differ from the text's. */
  readonly size?: Buffer | string;
  readonly linkTarget?: string;
  readonly magic?: string;
}

/** One header and its content. */
function block({
  name = "a.txt",
  type = "0",
  text = "",
  size,
  linkTarget = "",
  magic = "ustar\x0000",
}: Part): Buffer {
  const content = Buffer.from(text);
  const header = Buffer.alloc(512);
  header.write(name, 0, 100);
  header.write("0000644\x000000000\x000000000\0", 100, "latin1");
  const field = size ?? `${content.length.toString(8).padStart(11, "0")}\0`;
  header.set(typeof field === "string" ? Buffer.from(field, "latin1") : field, 124);
  header.write(`00000000000\0        ${type}`, 136, "latin1");
  header.write(linkTarget, 157, 100);
  header.write(magic, 257, "latin1");
  return sealed(header, content);
}

function sealed(header: Buffer, content: Buffer): Buffer {
  header.fill(" ", 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return Buffer.concat([header, content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}

const END = Buffer.alloc(1024);
const archive = (...parts: Part[]) => Buffer.concat([...parts.map(block), END]);

function record(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const length = rest.length + String(rest.length + 2).length;
  return `${length}${rest}`;
}

const decent = archive(
  { name: "app/", type: "5" },
  { name: "app/a.txt", text: "first ".repeat(200) },
  { name: "app/b.txt", text: "second" },
  { name: "app/c.txt", type: "2", linkTarget: "a.txt" },
  { name: "app/d.txt", type: "1", linkTarget: "app/b.txt" },
  { name: "app/empty" },
);
const DECENT = [
  { name: "app/a.txt", text: "first ".repeat(200) },
  { name: "app/b.txt", text: "second" },
  { name: "app/empty", text: "" },
];

async function walk(bytes: Buffer, options?: Parameters<typeof walkStream>[2]) {
  const { members, ...rest } = await walkStream(tar, bytes, options);
  return { ...rest, members: members.map(({ name, bytes }) => ({ name, text: bytes.toString() })) };
}

const folder = mkdtempSync(join(tmpdir(), "sallyport-tar-"));
afterAll(() => rmSync(folder, { recursive: true }));

it("reads a decent archive without a finding, in pieces of any size", async () => {
  for (const pieceBytes of [1, 500, 513, 1 << 20]) {
    const { members, findings, code } = await walk(decent, { pieceBytes });
    expect({ members, findings, code }).toEqual({ members: DECENT, findings: [], code: "" });
  }
});

it("recognises ustar and older archives, and neither zeros nor text", () => {
  const recognises = (head: Buffer) => tar.recognise({ head, tail: head, sizeBytes: head.length });
  expect(recognises(decent)).toBe(true);
  expect(recognises(archive({ magic: "" }))).toBe(true);
  expect(recognises(Buffer.alloc(1024))).toBe(false);
  expect(recognises(Buffer.alloc(1024, "some text "))).toBe(false);
});

it("sees what tar-stream sees in names, sizes and content, long names included", async () => {
  const packer = pack();
  const long = `${"folder/".repeat(30)}a file with a name of its own.txt`;
  packer.entry({ name: long }, "long");
  packer.entry({ name: "näme.txt" }, "utf-8");
  packer.entry({ name: "link", type: "symlink", linkname: `${"folder/".repeat(30)}x` });
  packer.entry({ name: "plain.bin" }, Buffer.alloc(100_000, 7));
  packer.finalize();
  const bytes = await buffer(Readable.from(packer));
  const seen: { name: string; text: string }[] = [];
  const oracle = extract();
  Readable.from([bytes]).pipe(oracle);
  for await (const entry of oracle)
    if (entry.header.type === "file")
      seen.push({ name: entry.header.name, text: (await buffer(entry)).toString() });
    else entry.resume();
  const { members, findings, code } = await walk(bytes);
  expect({ findings, code }).toEqual({ findings: [], code: "" });
  expect(members).toEqual(seen);
});

it("reads what tar(1) writes in each of its formats", async ({ skip }) => {
  const name = `${"deep/".repeat(25)}${"n".repeat(90)}.txt`;
  mkdirSync(join(folder, "deep/".repeat(25)), { recursive: true });
  writeFileSync(join(folder, name), "long");
  writeFileSync(join(folder, "short.txt"), "short");
  symlinkSync("short.txt", join(folder, "link"));
  if (spawnSync("tar", ["--version"]).error) skip("tar is not installed here");
  for (const format of ["gnu", "pax", "posix"]) {
    const made = spawnSync("tar", ["-c", "-f", "-", `--format=${format}`, "-C", folder, "."]);
    const { members, findings, code } = await walk(made.stdout);
    expect({ findings, code }, format).toEqual({ findings: [], code: "" });
    expect(members.map((member) => member.text).sort(), format).toEqual(["long", "short"]);
    expect(members.map((member) => member.name).sort(), format).toContain(`./${name}`);
  }
});

it("takes names and sizes from pax records and base-256 fields", async () => {
  const size = Buffer.alloc(12);
  size[0] = 0x80;
  size[11] = 4;
  const { members, findings, code } = await walk(
    archive(
      { type: "g", text: record("comment", "a commit") },
      { type: "x", text: record("path", "b.txt") },
      { text: "four", size },
    ),
  );
  expect({ findings, code }).toEqual({ findings: [], code: "" });
  expect(members).toEqual([{ name: "b.txt", text: "four" }]);
});

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

it("does not claim to have opened sparse members", async () => {
  const sparse = block({ type: "S", magic: "ustar  ", text: "part" });
  const more = Buffer.from(sparse.subarray(0, 512));
  more[482] = 1;
  const map = Buffer.alloc(512);
  for (const bytes of [
    Buffer.concat([sparse, END]),
    Buffer.concat([sealed(more, map), sparse.subarray(512), END]),
    archive(
      { type: "x", text: record("GNU.sparse.major", "1") + record("GNU.sparse.name", "s") },
      { text: "part" },
    ),
  ])
    expect((await walk(bytes)).code).toBe("artifact.unsupported");
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

it("skips what its caller does not read", async () => {
  const names: string[] = [];
  const inside = await walkStream(gzip, gzipSync(decent));
  const whole = inside.members[0]?.bytes ?? Buffer.alloc(0);
  for await (const member of tar.openStream?.(Readable.from([whole]), streamContext([])) ?? [])
    names.push(member.name);
  expect(names).toEqual(DECENT.map(({ name }) => name));
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
