/** Texts that were made to keep the reader busy, or to look like what they are not. */
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { walkContainer } from "../container-walk.fixture.ts";
import { script } from "./index.ts";
import { languageOf } from "./script.fixture.ts";
import { findBlocks, STYLES } from "./signature-block.ts";
import { readScriptText } from "./text.ts";

const LARGE = 4 * 1024 * 1024;

describe("hostile scripts", () => {
  it("is done with long lines, deep prologues and endless blanks", async () => {
    const texts = [
      "#!/usr/bin/env ".padEnd(LARGE, "a "),
      " ".repeat(LARGE),
      "\n".repeat(LARGE),
      "<!--".repeat(LARGE / 4),
      "<!-- --> ".repeat(LARGE / 9),
      "<?xml ".repeat(LARGE / 6),
      "const a ".repeat(LARGE / 8),
      "import {".repeat(LARGE / 8),
      "a b ".repeat(LARGE / 4),
      "$a=".repeat(LARGE / 3),
      "@echo ".repeat(LARGE / 6),
    ];
    for (const text of texts) expect(await languageOf(text)).toMatch(/^(?:-|script|powershell)$/);
  });

  it("does not pass over what hides in the middle of a text", async () => {
    const lines = Buffer.from("# a comment\n".repeat(20_000));
    const whole = Buffer.concat([
      Buffer.from("#!/bin/sh\n"),
      lines,
      gzipSync(Buffer.alloc(9999, "x")),
      lines,
    ]);
    const { findings } = await walkContainer(script, whole);
    expect(findings).toMatchObject([
      { check: "opened", outcome: "unknown", facts: { offsetBytes: 240_013 } },
    ]);
    const wide = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("MsgBox 1\r\n", "utf16le")]);
    expect((await walkContainer(script, wide)).findings).toEqual([]);
  });

  it("looks for blocks in one pass, however many beginnings there are", () => {
    for (const style of Object.values(STYLES)) {
      const line = `${style.begin}\n`;
      const mentions = readScriptText(Buffer.from(line.repeat(LARGE / line.length)));
      expect(findBlocks(mentions, style)).toEqual([]);
      const body = `${style.open}AAAA${style.close}\n`;
      const endless = readScriptText(Buffer.from(`${line}${body.repeat(LARGE / body.length)}`));
      expect(findBlocks(endless, style)).toMatchObject([{ start: 0, der: undefined }]);
      const whole = `${line}${body}${style.end}\n`;
      const many = readScriptText(Buffer.from(whole.repeat(LARGE / whole.length)));
      expect(findBlocks(many, style)).toHaveLength(2);
    }
  });

  it("takes base64 only as every decoder reads it", () => {
    const blockOf = (...lines: string[]) => {
      const text = ["# SIG # Begin signature block", ...lines.map((line) => `# ${line}`)].join("\n");
      return findBlocks(readScriptText(Buffer.from(`${text}\n# SIG # End signature block`)), STYLES.hash);
    };
    expect(blockOf("MAMC", "AQU=")).toMatchObject([{ der: Buffer.from("3003020105", "hex") }]);
    for (const lines of [["MAMC", "AQV="], ["MAMCAQU"], ["MA==", "AwIBBQ=="], ["MAMC", "AQU=="]])
      expect(blockOf(...lines)).toMatchObject([{ der: undefined, problem: expect.stringMatching(/base64/) }]);
  });

  it("answers every cut and every flip of a signed script", async () => {
    const text =
      "Write-Host 'a'\r\n# SIG # Begin signature block\r\n# MAMCAQU=\r\n# SIG # End signature block\r\n";
    for (const whole of [
      Buffer.from(text),
      Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, "utf16le")]),
    ])
      for (let at = 0; at < whole.length; at += 1) {
        await languageOf(whole.subarray(0, at));
        const flipped = Buffer.from(whole);
        flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
        await languageOf(flipped);
        findBlocks(readScriptText(flipped), STYLES.hash);
      }
  });
});
