/** Public test files of other projects: each is opened or reported, none is admitted that should not be. */

import { dirname } from "node:path";
import { corpusFile, NO_CORPUS } from "@sallyport/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  documentOf,
  makePlace,
  type Place,
  policiesOf,
  type Run,
  type VerdictDocument,
} from "./sallyport-process.ts";

const FOLDERS = ["relic", "jsign", "osslsigncode"].flatMap((name) => {
  const origin = corpusFile(`${name}/ORIGIN.md`);
  return origin === undefined ? [] : [dirname(origin)];
});

/** What the projects say of their files; the path without the folder, the format, the policies that decide. */
const EXPECTED: readonly [string, string, readonly string[]][] = [
  ["packages/ClassLibrary1.dll", "pe", ["unsigned"]],
  ["packages/WindowsFormsApplication1.exe", "pe", ["untrusted-signature"]],
  ["packages/dummy.msi", "msi", ["unsigned"]],
  ["packages/dummy.cab", "cab", ["unsigned"]],
  ["packages/hello.jar", "jar", ["unsigned"]],
  ["packages/dummy.apk", "apk", ["unsigned"]],
  ["packages/fatfile.app/Contents/MacOS/dummy", "mach-o", ["unsigned"]],
  ["minimal-signed-with-signtool.msi", "msi", ["untrusted-signature", "weak-signature"]],
  ["fbx64-signed-by-sbsign.efi", "pe", ["untrusted-signature"]],
  ["fbx64.efi", "pe", ["unsigned"]],
  ["wineyes.exe", "pe", ["unsigned"]],
  ["minimal.msi", "msi", ["unsigned"]],
  ["nuget/minimal.1.0.0.nupkg", "nupkg", ["unsigned"]],
  ["mscab/sample1.cab", "cab", ["unsigned"]],
  ["mscab/sample2-disk1.cab", "cab", ["unopened", "unsigned"]],
  ["mscab/sample2-disk2.cab", "cab", ["unopened", "unsigned"]],
  ["mscab/sample3.cab", "cab", ["unsigned"]],
  ["mscab/sample4.cab", "cab", ["unsigned"]],
  ["unsigned.exe", "pe", ["unsigned"]],
  ["unsigned.msi", "msi", ["unsigned"]],
  ["unsigned.ex_", "cab", ["unsigned"]],
];
/** Containers that nobody here opens yet: saying that all inside was seen would be a lie. */
const UNOPENED = [
  "packages/dummy.dmg",
  "packages/dummy.pkg",
  "packages/rocky-basesystem-11-13.el9.noarch.rpm",
  "packages/zlib1g_1.2.8.dfsg-5_i386.deb",
];

describe.skipIf(FOLDERS.length < 3)(`files of relic, jsign and osslsigncode (${NO_CORPUS} otherwise)`, () => {
  let place: Place;
  let run: Run;
  let verdicts: ReadonlyMap<string, VerdictDocument>;

  beforeAll(async () => {
    place = await makePlace();
    run = await place.sallyport("check", ...FOLDERS, "--json");
    verdicts = new Map(documentOf(run).results.map((one) => [one.subject.label, one]));
  });
  afterAll(() => place.remove());

  it("opens or reports every one: nothing crashes, nothing is admitted", () => {
    expect(run.stderr).toBe("");
    expect(run.code).toBe(10);
    expect(documentOf(run).results.length).toBeGreaterThan(70);
    expect(documentOf(run).results.map(({ verdict }) => verdict)).not.toContain("admit");
  });

  it.each(EXPECTED)("judges %s as its project says", (name, format, policies) => {
    const document = verdicts.get(name);
    expect(document?.artifact.format).toBe(format);
    expect(document && [...policiesOf(document)].sort()).toEqual([...policies].sort());
  });

  it.each(UNOPENED)("says that it did not open %s", (name) => {
    const document = verdicts.get(name);
    expect(document && policiesOf(document)).toContain("unopened");
  });

  it("holds a PE reader's stumbling blocks: a DOS program, a zip behind 40 bytes of header", () => {
    expect(verdicts.get("MORE.EXE")?.verdict).toBe("hold");
    expect(verdicts.get("minimal.navx")?.verdict).toBe("hold");
  });
});
