/** Names as archives may spell them, and which of them may pass. */

import { crc32 } from "node:zlib";
import { expect, it } from "vitest";
import { buildZip, field, type Part, readZip } from "./zip.fixture.ts";

const bytes = Buffer.from("content");
const named = (name: string | Buffer, more: Partial<Part> = {}): Part => ({ name, bytes, ...more });

async function problems(...parts: readonly Part[]) {
  const { findings, contents } = await readZip(buildZip(parts));
  expect(contents.size).toBe(parts.length);
  return findings.map(
    ({ check, because, facts }) => `${check}: ${because}${facts.escapes ? " (escapes)" : ""}`,
  );
}

/** Info-ZIP's second name, with the checksum of the first. */
const unicodePath = (raw: Buffer, name: string): Buffer => {
  const head = Buffer.alloc(5);
  head.writeUInt8(1, 0);
  head.writeUInt32LE(crc32(raw), 1);
  return field(0x7075, Buffer.concat([head, Buffer.from(name)]));
};

it.each([
  ["../evil", "climbs with ..", true],
  ["a/../../evil", "climbs with ..", true],
  ["..\\evil", "climbs with ..", true],
  ["/etc/passwd", "is absolute", true],
  ["\\\\server\\share\\x", "is absolute", true],
  ["C:\\Windows\\x.dll", "names a drive", true],
  ["c:x.dll", "names a drive", true],
  ["a\\b.txt", "has a backslash, which some readers take for a separator", false],
  ["safe.txt\0.exe", "has control or direction characters", false],
  ["gnp\u202egpj.exe", "has control or direction characters", false],
  ["CON", "is reserved for a device on Windows", false],
  ["a/nul.txt", "is reserved for a device on Windows", false],
  ["file.txt:stream", "names an alternate data stream on Windows", false],
  ["setup.exe.", "ends in a dot or space, which Windows drops", false],
  ["", "is empty", false],
])("reports the name %j: it %s", async (name, because, escapes) => {
  expect(await problems(named(name))).toEqual([
    `member-names: name ${because}${escapes ? " (escapes)" : ""}`,
  ]);
});

it("passes names that are only unusual", async () => {
  const names = [
    "...",
    "a..b",
    "ünï/日本.txt",
    "con-figure",
    "com10",
    "aux-data/x",
    "a b.txt",
    "-rf",
    "~root",
    "$HOME",
  ];
  expect(await problems(...names.filter((name) => name !== "...").map((name) => named(name)))).toEqual([]);
});

it("reports names that meet where case or spelling does not count, unless the archive is read in place", async () => {
  const because = "member-names: name differs from another member's only in case or spelling";
  expect(await problems(named("Setup.exe"), named("SETUP.EXE"))).toEqual([because]);
  expect(await problems(named("caf\u00e9"), named("cafe\u0301"))).toEqual([because]);
  for (const name of ["a//b", "./a/b", "a/./b"])
    expect(await problems(named("a/b"), named(name))).toEqual([because]);
  expect(await problems(named("META-INF/MANIFEST.MF"), named("a.class"), named("A.class"))).toEqual([]);
});

it("reports a name that is flagged as UTF-8 and is none", async () => {
  expect(await problems(named(Buffer.from([0x61, 0xff, 0x62])))).toEqual([
    "structure: has a name that is not the UTF-8 it claims to be",
  ]);
});

it("takes names of Unix and macOS for UTF-8 where they can be it, and others for the code page of DOS", async () => {
  const name = Buffer.from("世界");
  const shown = async (raw: Buffer, madeBy: number) => {
    const { contents, findings } = await readZip(buildZip([named(raw, { flags: 0, madeBy })]));
    expect(findings).toEqual([]);
    return [...contents.keys()][0];
  };
  for (const madeBy of [3, 19]) expect(await shown(name, madeBy)).toBe("世界");
  expect(await shown(name, 0)).toBe("Σ╕ûτòî");
  expect(await shown(Buffer.from([0x81, 0x2e, 0x74]), 3)).toBe("ü.t");
});

it("takes the Unicode path where the plain name is its spelling in another code page", async () => {
  const spellings: [Buffer, string][] = [
    [Buffer.from("日本.txt"), "日本.txt"],
    [Buffer.from([0x81, 0x2e, 0x74]), "ü.t"],
    [Buffer.from("#U65e5#U672c.txt"), "日本.txt"],
    [Buffer.from("__.txt"), "日本.txt"],
  ];
  for (const [raw, name] of spellings) {
    const { findings, contents } = await readZip(
      buildZip([named(raw, { flags: 0, extra: unicodePath(raw, name) })]),
    );
    expect(findings).toEqual([]);
    expect([...contents.keys()]).toEqual([name]);
  }
});

it("reports a Unicode path that names another file, is stale, or stands in the header alone", async () => {
  const second = "structure: has a second name in its Unicode path field";
  const raw = Buffer.from("a.txt");
  const evil = unicodePath(raw, "evil.exe");
  expect(await problems(named(raw, { extra: evil }))).toContain(second);
  expect(await problems(named(raw, { flags: 0, extra: evil }))).toContain(second);
  expect(await problems(named(raw, { extra: unicodePath(Buffer.from("b"), "a.txt") }))).toContain(second);
  expect(await problems(named(raw, { extra: Buffer.alloc(0), localExtra: evil }))).toEqual([
    "structure: has another Unicode name in its header than in the directory",
  ]);
});

it("reports links out of the archive, stored or deflated, and passes those that stay", async () => {
  const link = (name: string, target: string, method: number): Part => ({
    name,
    bytes: Buffer.from(target),
    method,
    madeBy: 3,
    attributes: 0xa1ff0000,
  });
  for (const method of [0, 8]) {
    expect(await problems(link("a/b", "../c", method))).toEqual([]);
    expect(await problems(link("a/b", "../../c", method))).toEqual([
      "member-names: name links out of the archive (escapes)",
    ]);
    expect(await problems(link("a", "/etc/passwd", method))).toEqual([
      "member-names: name links to an absolute place",
    ]);
    expect(await problems(link("a", "x".repeat(5000), method))).toEqual([
      "member-names: name is a link whose target cannot be read",
    ]);
  }
});
