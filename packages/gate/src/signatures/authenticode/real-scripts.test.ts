/** Scripts that Microsoft signed, out of an npm package whose version control had converted their line ends. */

import { readFile } from "node:fs/promises";
import { npmFile, sourceOf, verifyContext } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
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
