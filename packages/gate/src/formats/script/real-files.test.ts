/** Scripts of Debian packages, by what `file` and their names say; and files that are none. */
import { readdir, readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { debianPackage, hasApt, NO_APT } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { languageOf } from "./script.fixture.ts";

async function* filesIn(folder: string): AsyncGenerator<string> {
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true }))
    if (entry.isFile()) yield join(entry.parentPath, entry.name);
}

/** What a file of that name may be taken for. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  ".py": ["python", "-"],
  ".sh": ["shell"],
  ".ps1": ["powershell"],
  ".psm1": ["powershell"],
  ".vbs": ["vbscript", "-"],
  ".bat": ["batch", "-"],
  ".html": ["-"],
  ".txt": ["-"],
  ".md": ["-"],
  ".xml": ["-"],
  ".json": ["-"],
  ".h": ["-"],
  ".gz": ["-"],
  ".css": ["-"],
};

describe.skipIf(!hasApt())(`scripts of real packages (${NO_APT} otherwise)`, () => {
  it("knows the activation scripts that Python brings along for each shell", async () => {
    const home = await debianPackage("libpython3.11-stdlib");
    const scripts = join(home, "usr/lib/python3.11/venv/scripts");
    const expectation = { "common/Activate.ps1": "powershell", "common/activate": "shell" };
    for (const [path, language] of Object.entries(expectation))
      expect([path, await languageOf(await readFile(join(scripts, path)))]).toEqual([path, language]);
  });

  it.each([
    "cmake-data",
    "libjs-jquery",
    "debhelper",
    "python3-requests",
    "node-semver",
    "ansible-core",
    "libsoap-lite-perl",
  ])("takes nothing in %s for what it is not", { timeout: 300_000 }, async (name) => {
    const wrong: string[] = [];
    let seen = 0;
    for await (const path of filesIn(await debianPackage(name))) {
      const expected = EXPECTED[extname(path)];
      if (expected === undefined) continue;
      seen += 1;
      const language = await languageOf(await readFile(path));
      if (!expected.includes(language)) wrong.push(`${path} is ${language}`);
    }
    expect(wrong).toEqual([]);
    expect(seen).toBeGreaterThan(0);
  });
});
