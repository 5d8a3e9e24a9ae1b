import type { JsonObject } from "@sallyport/core";
import { expect, it } from "vitest";
import { hostileSuite } from "../../long-tail/hostile.fixture.ts";
import { walkContainer } from "../container-walk.fixture.ts";
import { pack, writeAsar } from "./asar.fixture.ts";
import { asar } from "./index.ts";
import { sample } from "./sample.fixture.ts";

hostileSuite({ format: asar, sample: sample() });

const open = (bytes: Buffer) => walkContainer(asar, bytes);
const content = Buffer.from("x".repeat(100));
const saying = (says: JsonObject) => open(writeAsar([{ name: "a.js", content, says }]));

it("refuses every cut inside the table, and every file that is not there whole", async () => {
  const whole = sample();
  for (let cut = 17; cut < whole.length; cut += 7) {
    const { code } = await open(whole.subarray(0, cut));
    expect(code, `cut at ${cut}`).toBe("artifact.truncated");
  }
});

it.each([
  { hash: "0".repeat(64), blocks: ["0".repeat(64)], algorithm: "SHA256", blockSize: 4_194_304 },
  { hash: "0".repeat(64), blocks: [], algorithm: "SHA256", blockSize: 10 },
])("reports a file that does not have its stated hash", async (integrity) => {
  const { findings } = await saying({ integrity });
  expect(findings).toMatchObject([{ check: "structure", outcome: "fail", member: "a.js" }]);
});

it("reports a block that differs though the whole is as stated", async () => {
  const honest = JSON.parse(sample().toString("latin1", 16, 16 + sample().readUInt32LE(12)));
  honest.files["a.txt"].integrity.blocks = ["0".repeat(64)];
  const bytes = pack(JSON.stringify(honest), sample().subarray(-1106));
  expect((await open(bytes)).findings).toMatchObject([{ check: "structure", member: "a.txt" }]);
});

const IMPOSSIBLE: [string, JsonObject][] = [
  ["a negative size", { size: -1 }],
  ["half a byte", { size: 1.5 }],
  ["a size that is a text", { size: "100" }],
  ["a place that is a number", { offset: 0 }],
  ["a negative place", { offset: "-1" }],
  ["a place with a sign", { offset: "+0" }],
  ["a place in hexadecimal", { offset: "0x0" }],
  ["a hash of another kind", { integrity: { algorithm: "MD5", hash: "", blockSize: 1, blocks: [] } }],
  ["blocks of no size", { integrity: { algorithm: "SHA256", hash: "", blockSize: 0, blocks: [] } }],
  ["a file that is a folder too", { files: {} }],
  ["a file that is a link too", { link: "b" }],
];
it.each(IMPOSSIBLE)("refuses %s", async (_, says) => {
  expect((await saying(says)).code).toBe("artifact.malformed");
});

it("does not believe a size or place beyond the end", async () => {
  expect((await saying({ size: 2 ** 31 })).code).toBe("artifact.truncated");
  expect((await saying({ offset: "99999999" })).code).toBe("artifact.truncated");
});

it.each(["..", ".", "", "a/b", "..\\x"])("refuses the name %j", async (name) => {
  expect((await open(writeAsar([{ name, content }]))).code).toBe("artifact.malformed");
});

it("reports a link out of the archive", async () => {
  const bytes = pack(JSON.stringify({ files: { out: { link: "../../etc/passwd" } } }), Buffer.alloc(0));
  expect((await open(bytes)).findings).toMatchObject([{ check: "member-names", facts: { escapes: true } }]);
});

it("refuses a name that comes twice, which readers resolve differently", async () => {
  const entry = '{"size":1,"offset":"0"}';
  const bytes = pack(`{"files":{"a":${entry},"a":${entry}}}`, Buffer.from("x"));
  expect((await open(bytes)).code).toBe("artifact.malformed");
});

it.each([
  [
    "between its files",
    { offset: "10", size: 90, integrity: undefined as never },
    "bytes between its files belong to nothing",
  ],
  ["after the last", { size: 90, integrity: undefined as never }, "has bytes after its last file"],
])("reports bytes %s", async (_, says, because) => {
  expect((await saying(says)).findings).toMatchObject([{ check: "structure", outcome: "fail", because }]);
});

it("reports files that share bytes, but not two names for one file", async () => {
  const shared = (says: JsonObject) =>
    open(
      writeAsar([
        { name: "a", content },
        { name: "b", content: Buffer.alloc(0), says },
      ]),
    );
  expect((await shared({ size: 50, offset: "50", integrity: undefined as never })).findings).toMatchObject([
    { because: "files of it share bytes", facts: { lengthBytes: 50 } },
  ]);
  expect((await shared({ size: 100, offset: "0", integrity: undefined as never })).findings).toEqual([]);
});

it("reports bytes behind the table's text", async () => {
  const { findings } = await open(pack('{"files":{} }', Buffer.alloc(0), 0x41));
  expect(findings).toMatchObject([{ check: "structure", facts: { lengthBytes: 3 } }]);
});

it.each([0, 4, 8, 12])("refuses sizes at its front that contradict each other: at %i", async (at) => {
  const bytes = sample();
  bytes.writeUInt32LE(bytes.readUInt32LE(at) + 8, at);
  expect((await open(bytes)).code).toBe("artifact.malformed");
});

it("bounds a table by its memory, its entries and its depth", async () => {
  const many = writeAsar(
    Array.from({ length: 50 }, (_, index) => ({ name: `${index}`, content: Buffer.alloc(0) })),
  );
  expect((await walkContainer(asar, many, { maxHeldBytes: 1000 })).code).toBe("artifact.over-limit");
  expect((await walkContainer(asar, many, { limits: { entries: 10 } })).code).toBe("artifact.over-limit");
  const deep = `${'{"files":{"a":'.repeat(1000)}{}${"}}".repeat(1000)}`;
  expect((await open(pack(deep, Buffer.alloc(0)))).code).toBe("artifact.malformed");
});
