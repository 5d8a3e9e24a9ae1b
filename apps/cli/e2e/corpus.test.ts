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
  ["packages/dummy.xap", "xap", ["unsigned"]],
  ["packages/dummy.pkg", "pkg", ["unsigned"]],
  ["packages/dummy.dmg", "dmg", ["unsigned"]],
  ["packages/InRelease", "clear-signed", ["unknown-key", "unknown-outcome"]],
  ["packages/App1_1.0.3.0_x64.appx", "appx", ["untrusted-signature"]],
  ["packages/VSIXProject1.vsix", "vsix", ["untrusted-signature"]],
  ["packages/hyperv.cat", "catalog", ["untrusted-signature", "weak-signature"]],
  ["packages/rocky-basesystem-11-13.el9.noarch.rpm", "rpm", ["unknown-key", "unknown-outcome"]],
  ["packages/zlib1g_1.2.8.dfsg-5_i386.deb", "deb", ["unsigned"]],
  ["packages/hello.mof", "mof", ["unsigned"]],
  ["packages/slimfile.app/dummyapp", "mach-o", ["unsigned"]],
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
  ["minimal-signed-by-signtool.msix", "appx", ["untrusted-signature"]],
  ["minimal.msix", "appx", ["unsigned"]],
  ["minimal.zip", "appx", ["unsigned"]],
  ["minimal.appxbundle", "appxbundle", ["unsigned"]],
  ["minimal.navx", "navx", ["unsigned"]],
  ["cat/wineyes.cat", "catalog", ["unsigned"]],
  ["hello-world.ps1", "powershell", ["unsigned"]],
  ["hello-world.ps1xml", "powershell-xml", ["unsigned"]],
  ["hello-world.vbs", "vbscript", ["unsigned"]],
  ["hello-world.js", "javascript", ["unsigned"]],
  ["hello-world.wsf", "windows-script", ["unsigned"]],
  ["unsigned.cat", "catalog", ["unsigned"]],
  ["unsigned.256appx", "appx", ["unsigned"]],
  ["unsigned.512appx", "appx", ["unsigned"]],
  ["unsigned.ps1", "powershell", ["unsigned"]],
  ["unsigned.psc1", "powershell-xml", ["unsigned"]],
  ["unsigned.mof", "mof", ["unsigned"]],
  ["unsigned.js", "javascript", ["unsigned"]],
  ["unsigned.exe", "pe", ["unsigned"]],
  ["unsigned.msi", "msi", ["unsigned"]],
  ["unsigned.ex_", "cab", ["unsigned"]],
];
/** Below the corpus: the file, and what its project says makes it valid; the flags' files lie there as well. */
const VALID: readonly [string, readonly (readonly [flag: string, value: string])[]][] = [
  ["relic/packages/rocky-basesystem-11-13.el9.noarch.rpm", [["--key", "relic/public-keys/rocky9.pgp"]]],
  ["relic/packages/InRelease", [["--key", "relic/public-keys/ubuntu2012.pgp"]]],
  [
    "relic/packages/Release",
    [
      ["--signature", "relic/packages/Release.gpg"],
      ["--key", "relic/public-keys/ubuntu2012.pgp"],
    ],
  ],
  ["relic/packages/App1_1.0.3.0_x64.appx", [["--trust", "relic/public-keys/ralph.crt"]]],
  ["relic/packages/VSIXProject1.vsix", [["--trust", "relic/public-keys/ralph.crt"]]],
  ["jsign/minimal-signed-by-signtool.msix", [["--trust", "jsign/certificates/jsign-2022-chain-public.pem"]]],
];
const SIGNERS = ["ralph", "Jsign Code Signing Test Certificate 2022 (RSA)"].flatMap((name) => [
  "--signer",
  name,
]);

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

  it.each(VALID)("admits %s with what its project says makes it valid", async (name, flags) => {
    const given = flags.flatMap(([flag, value]) => [flag, corpusFile(value) ?? ""]);
    const judged = await place.sallyport("check", corpusFile(name) ?? "", ...given, ...SIGNERS, "--json");
    expect(judged.code, judged.stdout).toBe(0);
  });

  it("holds Release by another's signature as broken", async () => {
    const files = ["packages/Release", "packages/InRelease", "public-keys/ubuntu2012.pgp"];
    const [release = "", other = "", key = ""] = files.map((file) => corpusFile(`relic/${file}`) ?? "");
    const judged = await place.sallyport("check", release, "--signature", other, "--key", key, "--json");
    expect(judged.code).not.toBe(0);
  });

  it("holds a PE reader's stumbling blocks: a DOS program, a zip behind 40 bytes of header", () => {
    expect(verdicts.get("MORE.EXE")?.verdict).toBe("hold");
    expect(verdicts.get("minimal.navx")?.verdict).toBe("hold");
  });
});
