import { expect, it } from "vitest";
import { buildZip, type Part, readZip } from "./zip.fixture.ts";

const part = (name: string, text: string): Part => ({ name, bytes: Buffer.from(text) });
const lies = async (...parts: readonly Part[]) =>
  (await readZip(buildZip(parts))).findings
    .filter(({ check }) => check === "structure")
    .map(({ member, because }) => `${member} ${because}`);

it("lets one name stand for the same bytes twice", async () => {
  expect(await lies(part("a.txt", "same"), part("b.txt", "other"), part("a.txt", "same"))).toEqual([]);
});

it("reports one name for two contents, also of one size", async () => {
  expect(await lies(part("a.txt", "same"), part("a.txt", "Same"))).toEqual(["a.txt is there twice"]);
  expect(await lies(part("a.txt", "same"), part("a.txt", "same and more"))).toEqual(["a.txt is there twice"]);
});

it("believes no checksum: the directory may give two contents the same", async () => {
  const archive = buildZip([part("a.txt", "same"), part("a.txt", "Same")]);
  const entry = Buffer.from("PK\u0001\u0002", "latin1");
  const first = archive.indexOf(entry);
  const second = archive.indexOf(entry, first + 1);
  archive.copy(archive, second + 16, first + 16, first + 20);
  const { findings } = await readZip(archive);
  expect(findings.map(({ because }) => because)).toContain("is there twice");
});

it("lets a folder be named twice", async () => {
  expect(await lies(part("META-INF/", ""), part("META-INF/", ""), part("META-INF/a", "x"))).toEqual([]);
});
