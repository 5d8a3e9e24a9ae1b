import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { debianArchive, debianLists, debianPackage, hasApt, NO_APT, sourceOf } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { verifyPackage } from "./archive.fixture.ts";

const run = promisify(execFile);
const APT_HELPER = "/usr/lib/apt/apt-helper";
const KEYRING = "usr/share/keyrings/debian-archive-keyring.gpg";

/** What Debian itself serves: release, index and key as apt keeps them, the package as apt fetches it. */
async function fetchAll(name: string) {
  const bytes = await readFile(await debianArchive(name));
  const lists = await debianLists();
  const files = await readdir(lists);
  const keyring = join(await debianPackage("debian-archive-keyring"), KEYRING);
  const found = [];
  for (const release of files.filter((file) => file.endsWith("_InRelease"))) {
    const prefix = `${release.replace(/_InRelease$/, "")}_main_binary-`;
    const index = files.find((file) => file.startsWith(prefix) && file.includes("_Packages"));
    if (index === undefined) continue;
    const { stdout } = await run(APT_HELPER, ["cat-file", join(lists, index)], {
      encoding: "buffer",
      maxBuffer: 1 << 28,
    });
    found.push({ name: release, release: await readFile(join(lists, release)), packages: stdout });
  }
  return { bytes, keys: await readFile(keyring), archives: found };
}

const isReady =
  hasApt() && existsSync(APT_HELPER) && existsSync("/usr/share/keyrings/debian-archive-keyring.gpg");

describe.skipIf(!isReady)(`a package of Debian's archive (or ${NO_APT}, or it is not Debian)`, () => {
  it("is vouched for by the release that lists it, and by no other", { timeout: 300_000 }, async () => {
    const { bytes, keys, archives } = await fetchAll("libjs-jquery");
    const trusts: string[] = [];
    for (const { name, release, packages } of archives) {
      const brought = {
        keys: [{ name: KEYRING, source: sourceOf(keys) }],
        release: { name, source: sourceOf(release) },
        packages: { name: "Packages", source: sourceOf(packages) },
      };
      const { signatures, findings } = await verifyPackage(brought, { bytes, now: new Date() });
      const isListed = findings.length === 0;
      if (!isListed)
        expect(findings).toMatchObject([
          { outcome: "unknown", because: expect.stringMatching(/lists no package/) },
        ]);
      // Archives that end their lists, and were not updated lately, have an old one.
      if (isListed) trusts.push(...signatures.map(({ trust }) => trust));
    }
    expect(trusts).toContain("known-key");
    expect(trusts).not.toContain("broken");
  });
});
