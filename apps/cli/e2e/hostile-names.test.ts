/** Names come from whoever made the file: on a screen they are text, and nothing more. */

import { mkdir, writeFile } from "node:fs/promises";
import { buildPeImage, writeZip } from "@sallyport/gate/replica";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makePlace, type Place } from "./sallyport-process.ts";

/** Controls, direction marks, and what is not seen; a line's end is ours. */
const UNSAFE = /[^\P{C}\n]/u;
const HOSTILE = [
  "\x1b[2J\x1b[31mADMIT.exe",
  "safe\u202Egpj.exe",
  "line\nADMIT  setup.exe",
  "\u2066hidden\u2069\u200B.dll",
  "\x9b31m\x07bell",
  "../up",
  `${"long ".repeat(3000)}end.exe`,
  "x".repeat(9000),
];

describe("hostile names", () => {
  let place: Place;
  beforeAll(async () => {
    place = await makePlace();
    const members = HOSTILE.map((name) => ({ name, bytes: Buffer.from("text") }));
    await writeFile(place.at("names.zip"), writeZip(members));
    await mkdir(place.at("folder"));
    if (process.platform !== "win32")
      for (const name of HOSTILE.filter(({ length }) => length < 200))
        await writeFile(`${place.at("folder")}/${name}`, "text");
    const version = { ProductName: "P\x1b[31m\u202E".repeat(200), FileVersion: "1.0" };
    await writeFile(place.at("claims.exe"), buildPeImage({ version }));
  });
  afterAll(() => place.remove());

  it("inside an archive cannot steer the terminal, hide, or turn the line around", async () => {
    for (const command of ["check", "inspect"]) {
      const run = await place.sallyport(command, place.at("names.zip"));
      expect(run.stdout).not.toMatch(UNSAFE);
      expect(run.stderr).not.toMatch(UNSAFE);
    }
  });

  it("leave the verdict on one screen, and on its first line", async () => {
    const { stdout } = await place.sallyport("check", place.at("names.zip"));
    const lines = stdout.split("\n");
    expect(lines[0]).toMatch(/^(HOLD|REFUSE) {2}names\.zip$/);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines.filter((line) => line.startsWith("ADMIT"))).toEqual([]);
    expect(lines.length).toBeLessThanOrEqual(24);
    expect(lines.length).toBeGreaterThan(8);
  });

  it("that would leave their folder are the ones that a refusal for it shows", async () => {
    const { stdout } = await place.sallyport("check", place.at("names.zip"));
    expect(stdout.split("\n")[4]).toMatch(/^ {4}(\.\.\/up|\/abs): /);
  });

  it("of the files themselves stay one line each", async () => {
    const { stdout } = await place.sallyport("check", place.at("folder"));
    expect(stdout).not.toMatch(UNSAFE);
    expect(stdout.split("\n").filter((line) => line.startsWith("ADMIT"))).toEqual([]);
  });

  it("that a program gives itself are shortened and shown as text", async () => {
    const { stdout } = await place.sallyport("check", place.at("claims.exe"));
    expect(stdout).not.toMatch(UNSAFE);
    expect(stdout.split("\n").length).toBeLessThanOrEqual(24);
  });

  it("stay what they are in the document, where no terminal reads them", async () => {
    const { stdout } = await place.sallyport("inspect", place.at("names.zip"), "--json");
    const { members } = JSON.parse(stdout) as { members: { path: string }[] };
    expect(members.length).toBeGreaterThan(0);
    expect(stdout).not.toMatch(/[^\P{Cc}\n]/u);
  });

  it("in a message about a file are shown as text", async () => {
    const run = await place.sallyport("check", place.at("\x1b[31mmissing\u202E"));
    expect(run.code).toBe(2);
    expect(run.stderr).not.toMatch(UNSAFE);
    expect(run.stderr).toContain("\\u{1b}[31mmissing\\u{202e}");
  });
});
