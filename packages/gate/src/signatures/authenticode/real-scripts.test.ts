/** Scripts that Microsoft signed, out of npm packages; in one of them version control had converted their line ends. */

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { npmFile, sourceOf, verifyContext } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { moduleFile } from "../../formats/catalog/modules.fixture.ts";
import { languageOf } from "../../formats/script/script.fixture.ts";
import { defaultTrust } from "../../trust/default-trust.ts";
import { authenticode } from "./index.ts";

const PACKAGE = {
  package: "@autorest/powershell",
  version: "4.0.758",
  integrity:
    "sha512-Hze9Eirnfs89cDT9K8Slbqsi1M1jSXbchR+oyTNDzQkbICsh0mpEREQa07i3xLm99W1hmiOPk+IC9myOWVsVEA==",
};
const FOLDER = "resources/modules/Az.Accounts/2.13.1";
const SCRIPTS = [
  ["Az.Accounts.psm1", "powershell"],
  ["Az.Accounts.psd1", "powershell"],
  ["StartupScripts/AzError.ps1", "powershell"],
  ["StartupScripts/InitializeAssemblyResolver.ps1", "powershell"],
  ["PostImportScripts/LoadAuthenticators.ps1", "powershell"],
  ["Accounts.format.ps1xml", "powershell-xml"],
  ["Accounts.types.ps1xml", "powershell-xml"],
  ["Accounts.generated.format.ps1xml", "powershell-xml"],
] as const;

const verify = (bytes: Buffer, format: string) =>
  authenticode.verify(
    sourceOf(bytes),
    verifyContext({ trust: defaultTrust(), now: new Date("2026-11-25T12:00:00Z"), format }),
  );

describe.each(SCRIPTS)("%s of Azure's modules", { timeout: 300_000 }, (path, format) => {
  const read = async () => readFile(await npmFile({ ...PACKAGE, path: `${FOLDER}/${path}` }));
  const restore = (bytes: Buffer) =>
    Buffer.from(bytes.toString("latin1").replace(/\r?\n/g, "\r\n"), "latin1");

  it("is believed with the line ends it was signed with", async () => {
    const bytes = restore(await read());
    expect(await languageOf(bytes)).toBe(format);
    const { signatures, findings } = await verify(bytes, format);
    expect(findings).toEqual([]);
    expect(signatures).toMatchObject([
      {
        integrity: "pass",
        trust: "valid-timestamped",
        signer: { organisation: "Microsoft Corporation" },
        timestamp: { kind: "rfc3161", verified: true },
      },
    ]);
  });

  it("is neither believed nor called forged as it was published", async () => {
    const { findings } = await verify(await read(), format);
    expect(findings).toMatchObject([{ check: "integrity", outcome: "unknown" }]);
  });

  it("is called changed when one letter of it is", async () => {
    const bytes = restore(await read());
    bytes[bytes.length >> 2] = 0x58;
    bytes[100] = 0x58;
    expect((await verify(bytes, format)).findings).toContainEqual(
      expect.objectContaining({ check: "integrity", outcome: "fail" }),
    );
  });
});

describe("the signed scripts of an editor's PowerShell modules", { timeout: 300_000 }, () => {
  it("are all believed as they were published", async () => {
    const home = await moduleFile("");
    const entries = await readdir(home, { recursive: true, withFileTypes: true });
    const seen: Record<string, number> = {};
    for (const entry of entries.filter(({ name }) => /\.(?:ps1|psm1|psd1|ps1xml)$/.test(name))) {
      const bytes = await readFile(join(entry.parentPath, entry.name));
      if (!bytes.includes("SIG # Begin signature block")) continue;
      const format = await languageOf(bytes);
      const { signatures } = await verify(bytes, format);
      expect([entry.name, signatures]).toMatchObject([
        entry.name,
        [{ integrity: "pass", signer: { organisation: "Microsoft Corporation" } }],
      ]);
      seen[format] = (seen[format] ?? 0) + 1;
    }
    expect(seen).toEqual({ powershell: 41, "powershell-xml": 4 });
  });
});

describe("JScript that Microsoft signs as Windows Script Host has it", { timeout: 300_000 }, () => {
  const file = (name: string) =>
    npmFile({
      package: "powerbi-client",
      version: "2.24.1",
      integrity:
        "sha512-NhiDBzEv4z8zIHiTLBfRzTxU9LskV7QDdp+vU2TJE3q2Zn3OC4GKbCCa7QvhJ8oKOmmQGNw7jxTfoNvogeOM5g==",
      path: `dist/${name}`,
    });

  it.each(["powerbi.js", "powerbi.min.js"])("covers every byte of %s", async (name) => {
    const bytes = await readFile(await file(name));
    expect(await languageOf(bytes)).toBe("javascript");
    const { signatures, findings } = await verify(bytes, "javascript");
    expect(findings).toEqual([]);
    // Its root is Microsoft's own, and signs nothing for others.
    expect(signatures).toMatchObject([{ integrity: "pass", trust: "unknown-root" }]);
    bytes[1000] = (bytes[1000] ?? 0) ^ 1;
    expect((await verify(bytes, "javascript")).signatures).toMatchObject([{ integrity: "fail" }]);
  });
});
