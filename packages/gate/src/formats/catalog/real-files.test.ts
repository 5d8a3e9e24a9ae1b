/** Catalogs of Microsoft, makecat and jsign, compared with what openssl reads in them. */
import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { corpusFile, NO_CORPUS } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { walkContainer } from "../container-walk.fixture.ts";
import { catalog } from "./index.ts";

const FILES: readonly (readonly [path: string, version: number])[] = [
  ["relic/packages/hyperv.cat", 1],
  ["jsign/cat/wineyes.cat", 2],
  ["osslsigncode/unsigned.cat", 2],
];

describe.each(FILES)("%s", (path, version) => {
  const file = corpusFile(path);
  it.skipIf(file === undefined)(`lists as many files as openssl sees (${NO_CORPUS} otherwise)`, async () => {
    const bytes = await readFile(file ?? "");
    expect(catalog.recognise({ head: bytes.subarray(0, 4096), tail: bytes, sizeBytes: bytes.length })).toBe(
      true,
    );
    const { findings, code } = await walkContainer(catalog, bytes);
    expect(code).toBe("");
    const shown = execFileSync("openssl", [
      "asn1parse",
      "-inform",
      "DER",
      "-in",
      file ?? "",
      "-i",
    ]).toString();
    // A member is a sequence at this depth that begins with what names it.
    const members = shown.match(/d=7 .*SEQUENCE.*\n.*d=8 .*OCTET STRING/g)?.length ?? 0;
    expect(findings).toMatchObject([{ check: "structure", outcome: "pass", facts: { version } }]);
    expect(findings[0]?.facts.members).toBe(members);
  });
});
