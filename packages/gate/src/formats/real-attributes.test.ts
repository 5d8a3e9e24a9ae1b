/** Rights and times of a real package, as dpkg-deb(1) lists them. */

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { debianArchive, hasApt, NO_APT } from "@sallyport/testkit";
import { expect, it } from "vitest";
import { takeApart } from "../manifests/package.fixture.ts";

const run = promisify(execFile);
const LINE = /^-([-rwxsStT]{9}) \S+ +\d+ (\d{4}-\d\d-\d\d) (\d\d:\d\d)(?::\d\d)? (.+)$/;

it.skipIf(!hasApt() || !existsSync("/usr/bin/dpkg-deb"))(
  `says of a package's files what dpkg-deb says (else: ${NO_APT})`,
  async () => {
    const file = await debianArchive("sudo");
    const { stdout } = await run("dpkg-deb", ["-c", file], { env: { ...process.env, TZ: "UTC" } });
    const listed = stdout.split("\n").flatMap((line) => {
      const [, letters = "", day = "", time = "", name] = LINE.exec(line) ?? [];
      return name === undefined ? [] : [{ name, letters, at: `${day}T${time}` }];
    });
    const { members } = await takeApart(await readFile(file));
    const seen = new Map(
      members.map(({ path, attributes }) => [
        path.replace(/^data\.tar(?:\.\w+)?\/content\//, ""),
        attributes,
      ]),
    );
    expect(listed.length).toBeGreaterThan(20);
    for (const { name, letters, at } of listed) {
      expect([name, lettersOf(seen.get(name)?.unixMode ?? 0)]).toEqual([name, letters]);
      expect([name, seen.get(name)?.modifiedAt?.slice(0, 16)]).toEqual([name, at]);
    }
    expect(seen.get("./usr/bin/sudo")?.unixMode).toBe(0o4755);
  },
);

function lettersOf(mode: number): string {
  const plain = Array.from("rwxrwxrwx", (letter, at) => ((mode & (0o400 >> at)) === 0 ? "-" : letter)).join(
    "",
  );
  return (mode & 0o4000) === 0
    ? plain
    : `${plain.slice(0, 2)}${plain[2] === "x" ? "s" : "S"}${plain.slice(3)}`;
}
