/** Catalogs of Microsoft, makecat and jsign, compared with what openssl reads in them. */
import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { corpusFile, NO_CORPUS } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { walkContainer } from "../container-walk.fixture.ts";
import { catalog } from "./index.ts";
import { moduleFile } from "./modules.fixture.ts";

async function compare(file: string, version: number) {
  const bytes = await readFile(file);
  expect(catalog.recognise({ head: bytes.subarray(0, 4096), tail: bytes, sizeBytes: bytes.length })).toBe(
    true,
  );
  const { findings, code } = await walkContainer(catalog, bytes);
  expect(code).toBe("");
  const shown = execFileSync("openssl", ["asn1parse", "-inform", "DER", "-in", file, "-i"]).toString();
  // A member is a sequence at this depth that begins with what names it.
  const members = shown.match(/d=7 .*SEQUENCE.*\n.*d=8 .*OCTET STRING/g)?.length ?? 0;
  expect(findings).toMatchObject([{ check: "structure", outcome: "pass", facts: { version, members } }]);
  expect(members).toBeGreaterThan(0);
}

describe("catalogs, as openssl reads them", { timeout: 300_000 }, () => {
  it.each([
    ["PSReadLine/2.0.2/PSReadLine.cat", 2],
    ["PSScriptAnalyzer/1.19.0/PSScriptAnalyzer.cat", 1],
    ["PowerShellEditorServices/PowerShellEditorServices.cat", 1],
  ])("lists as many files in %s", async (path, version) => {
    await compare(await moduleFile(path), version);
  });

  it.skipIf(corpusFile("relic/packages/hyperv.cat") === undefined).each([
    ["relic/packages/hyperv.cat", 1],
    ["jsign/cat/wineyes.cat", 2],
    ["osslsigncode/unsigned.cat", 2],
  ])(`lists as many files in %s (${NO_CORPUS} otherwise)`, async (path, version) => {
    await compare(corpusFile(path) ?? "", version);
  });
});
