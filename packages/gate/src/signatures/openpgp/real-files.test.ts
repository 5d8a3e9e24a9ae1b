import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { corpusFile, debianLists, debianPackage, hasApt, NO_APT, NO_CORPUS } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { file, verifyBytes } from "./verifying.fixture.ts";

const KEYRINGS = "usr/share/keyrings";

describe.skipIf(!hasApt())(`the releases of the archives this machine uses (or ${NO_APT})`, () => {
  it("are signed by Debian's keys where they are Debian's", { timeout: 120_000 }, async () => {
    const folder = join(await debianPackage("debian-archive-keyring"), KEYRINGS);
    const keys = [file("archive.gpg", await readFile(join(folder, "debian-archive-keyring.gpg")))];
    const lists = await debianLists();
    const releases = (await readdir(lists)).filter((name) => name.endsWith("_InRelease"));
    let seen = 0;
    for (const name of releases) {
      const bytes = await readFile(join(lists, name));
      const { signatures, findings } = await verifyBytes(bytes, { format: "clear-signed", keys });
      expect(signatures.length).toBeGreaterThan(0);
      if (findings.some(({ outcome }) => outcome === "unknown")) continue;
      seen += 1;
      expect(findings).toEqual([]);
      expect(new Set(signatures.map(({ trust }) => trust))).toEqual(new Set(["known-key"]));
    }
    if (releases.some((name) => name.includes("debian.org"))) expect(seen).toBeGreaterThan(0);
  });
});

describe("files of development data", () => {
  const path = (name: string) => corpusFile(`relic/${name}`) ?? "";
  const isThere = corpusFile("relic/packages/InRelease") !== undefined;

  it.skipIf(!isThere)(`are as their origin states (or ${NO_CORPUS})`, async () => {
    const key = file("ubuntu2012.pgp", await readFile(path("public-keys/ubuntu2012.pgp")));
    const other = file("rocky9.pgp", await readFile(path("public-keys/rocky9.pgp")));
    const inRelease = await readFile(path("packages/InRelease"));
    const release = await readFile(path("packages/Release"));
    const signatures = [file("Release.gpg", await readFile(path("packages/Release.gpg")))];
    const valid = { findings: [], signatures: [{ integrity: "pass", trust: "known-key" }] };
    const unknown = { signatures: [{ integrity: "unknown", trust: "unknown-key" }] };
    expect(await verifyBytes(inRelease, { format: "clear-signed", keys: [key] })).toMatchObject(valid);
    expect(await verifyBytes(release, { signatures, keys: [key] })).toMatchObject(valid);
    for (const keys of [[], [other]]) {
      expect(await verifyBytes(inRelease, { format: "clear-signed", keys })).toMatchObject(unknown);
      expect(await verifyBytes(release, { signatures, keys })).toMatchObject(unknown);
    }
  });
});
