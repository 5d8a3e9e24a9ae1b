import { expect, it } from "vitest";
import { hostileSuite } from "../../long-tail/hostile.fixture.ts";
import { walkContainer } from "../container-walk.fixture.ts";
import { sevenZip } from "./index.ts";
import { sample } from "./sample.fixture.ts";
import { type SevenZipFile, writeSevenZip } from "./seven-zip.fixture.ts";

hostileSuite({ format: sevenZip, sample: sample() });

const file = (name: string, says: Partial<SevenZipFile> = {}) => ({
  name,
  content: Buffer.from("content"),
  ...says,
});
const open = (...files: SevenZipFile[]) => walkContainer(sevenZip, writeSevenZip(files));

it("finds nothing wrong with an honest archive of our own", async () => {
  const { code, findings, members } = await open(file("a"), file("b"));
  expect({ code, findings, names: members.map(({ name }) => name) }).toEqual({
    code: "",
    findings: [],
    names: ["a", "b"],
  });
});

it("reports bytes before its first file that no file claims", async () => {
  const bytes = writeSevenZip([file("a")], { before: Buffer.from("of nobody") });
  expect((await walkContainer(sevenZip, bytes)).findings).toMatchObject([
    { check: "structure", outcome: "fail", facts: { lengthBytes: 9 } },
  ]);
});

it("looks into what calls itself a folder or a device and has bytes", async () => {
  const folder = await open(file("a", { attributes: 0x8010, mode: 0o040755 }));
  expect(folder.members.map(({ bytes }) => bytes.toString())).toEqual(["content"]);
  const device = await open(file("d", { mode: 0o060666 }));
  expect(device.members.map(({ bytes }) => bytes.toString())).toEqual(["content"]);
  expect(device.findings).toMatchObject([{ check: "member-names", member: "d" }]);
});

it("reports a link whose target is longer than any name", async () => {
  const { findings } = await open(file("l", { mode: 0o120777, content: Buffer.alloc(5000, "x") }));
  expect(findings).toMatchObject([{ check: "member-names", because: "links to a name that is too long" }]);
});

it("opens an archive behind an installer's settings, which are a member as well", async () => {
  const settings = Buffer.from(';!@Install@!UTF-8!\nRunProgram="setup.exe"\n;!@InstallEnd@!');
  const bytes = Buffer.concat([settings, sample()]);
  const { members, findings, code } = await walkContainer(sevenZip, bytes);
  expect({ findings, code }).toEqual({ findings: [], code: "" });
  expect(members.map(({ name }) => name)).toEqual([
    "installer settings",
    "empty.txt",
    "a.txt",
    "folder/b.txt",
  ]);
  expect(members[0]?.bytes.equals(settings)).toBe(true);
});

it("does not pass a file with a wrong checksum", async () => {
  const bytes = writeSevenZip([file("a")]);
  bytes.write("C", 32);
  expect((await walkContainer(sevenZip, bytes)).code).toBe("artifact.malformed");
});
