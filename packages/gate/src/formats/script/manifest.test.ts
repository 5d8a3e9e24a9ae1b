/** What scripts of PowerShell say they are. */
import { readFile } from "node:fs/promises";
import { npmFile } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { walkContainer } from "../container-walk.fixture.ts";
import { script } from "./index.ts";
import { readClaims } from "./manifest.ts";

describe("claims of PowerShell", () => {
  it("reads the manifest of a module", () => {
    const text =
      "@{\r\n  RootModule = '.\\bin\\Demo.psm1'\r\n  ModuleVersion = \"1.2.3\"\r\n  CompanyName = 'Example Ltd'\r\n}\r\n";
    expect(readClaims(text)).toEqual({ product: "Demo", version: "1.2.3", company: "Example Ltd" });
  });

  it("reads the comment of a gallery's script", () => {
    const text = "<#PSScriptInfo\r\n.VERSION 4.5\r\n.COMPANYNAME Example Ltd\r\n.TAGS\r\n#>\r\nGet-Date\r\n";
    expect(readClaims(text)).toEqual({ version: "4.5", company: "Example Ltd" });
  });

  it("claims nothing by other scripts, and looks at a bounded text", () => {
    expect(readClaims("$CompanyName = 'x'\nGet-Date\n")).toEqual({});
    expect(readClaims(`ModuleVersion = '${"1".repeat(100_000)}'`)).toEqual({});
    expect(readClaims(" ".repeat(36_864))).toEqual({});
    expect(readClaims(".VERSION ".repeat(4000))).toEqual({});
  });

  it("reads the manifest of Azure's accounts module", { timeout: 300_000 }, async () => {
    const file = await npmFile({
      package: "@autorest/powershell",
      version: "4.0.758",
      integrity:
        "sha512-Hze9Eirnfs89cDT9K8Slbqsi1M1jSXbchR+oyTNDzQkbICsh0mpEREQa07i3xLm99W1hmiOPk+IC9myOWVsVEA==",
      path: "resources/modules/Az.Accounts/2.13.1/Az.Accounts.psd1",
    });
    const { identity, refinedTo } = await walkContainer(script, await readFile(file));
    expect(refinedTo).toBe("powershell");
    expect(identity).toEqual({ product: "Az.Accounts", version: "2.13.1", company: "Microsoft Corporation" });
  });
});
