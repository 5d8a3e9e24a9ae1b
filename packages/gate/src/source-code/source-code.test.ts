import { Budget, MemorySource } from "@sallyport/core";
import { describe, expect, it } from "vitest";
import { codeOf } from "./code.ts";
import { MAX_SOURCE_BYTES, readSourceText } from "./source-text.ts";

const read = (path: string, bytes: Buffer | string, format = "data") =>
  readSourceText(new MemorySource(Buffer.from(bytes)), { path, format });

async function code(path: string, text: string) {
  const source = await read(path, text);
  if (source === undefined) throw new Error("no source text");
  return { source, ...codeOf(source, new Budget()) };
}

describe("source text", () => {
  it.each([
    ["a.js", "1", "data", "ecmascript"],
    ["bin/tool", "#!/usr/bin/env node\n1", "javascript", "ecmascript"],
    ["bin/tool", "#!/bin/sh\nset -e", "data", "shell"],
    ["a.ps1", "1", "powershell", "powershell"],
    ["x.pth", "import os", "data", "python"],
  ])("reads %s as its language", async (path, text, format, language) => {
    expect((await read(path, text, format))?.language).toBe(language);
  });

  it.each([
    ["a.json", "{}"],
    ["a.d.ts", "export {}"],
    ["a.js.map", "{}"],
    ["README.md", "const a = require('b');"],
    ["a.js", "\u0000\u0001"],
    ["a.js", ""],
    ["notes", "some words that nobody runs"],
  ])("leaves %s alone", async (path, text) => {
    expect(await read(path, text)).toBeUndefined();
  });

  it.each([
    ["a.js", "// \0\nrun(1)", "// \nrun(1)", 5],
    ["a.sh", "cu\0rl x", "curl x", 0],
    ["a.py", "# ä\0\nrun(1)", "# ä\nrun(1)", 6],
  ])("reads %s as what runs it does, over zeros", async (path, text, shown, at) => {
    const source = await read(path, text);
    expect(source?.text).toBe(shown);
    expect(source?.offsetBytes(Math.max(0, shown.indexOf("run(")))).toBe(at);
  });

  it("takes what begins as no text does, and packets of video, for no source", async () => {
    const packets = Buffer.alloc(188 * 4, 0x10);
    for (let at = 0; at < packets.length; at += 188) packets.set([0x47, 0], at);
    expect(await read("film.ts", packets)).toBeUndefined();
    expect(await read("weights.pth", Buffer.from("80020000", "hex"))).toBeUndefined();
  });

  it("reads on in a line that is no ECMAScript to the tokenizer", async () => {
    const line = 'var of = 4; 0\nof / ("(" + run("child_" + "process")) / 1; fetch("https://a.invalid")';
    const read = await code("a.js", line);
    expect(read.text).toContain('run("child_process")');
    expect(read.text).toContain('fetch("https://a.invalid")');
  });

  it("reads on after more broken lines than are taken up again", async () => {
    expect((await code("a.js", `${"'\n".repeat(300)}run("x")`)).text).toContain('run("x")');
  });

  it("takes no code of a module for a comment", async () => {
    expect((await code("a.mjs", "let x = 1; x<!--x; run(1)\nx\n--> run(2)")).text).toContain("run(1)");
    expect((await code("a.mjs", "let x = 1;x\n--> run(2)")).text).toContain("run(2)");
  });

  it("reads a broken line of open strings in time that grows with it", async () => {
    const { text } = await code("a.js", `${"'\n".repeat(2)}"${'\\"'.repeat(200_000)}`);
    expect(text.length).toBeGreaterThan(200_000);
  });

  it.each([
    ["a call", 'exec(\n"""\nrun(1)\n""")\nend()'],
    ["an assignment", 'a = \\\n"""\nrun(1)\n"""\nexec(a)\nend()'],
    ["what is asked for by its place", '"""\nrun(1)\n"""\nexec(__doc__)\nend()'],
  ])("takes a text in %s for no documentation", async (_, text) => {
    const read = await code("a.py", text);
    expect(read.text).toContain("run(1)");
    expect(read.text).toContain("end()");
  });

  it("reads UTF-16, and knows where a character stands", async () => {
    const source = await read("a.ps1", Buffer.from("\ufeffWrite-Output ä", "utf16le"));
    expect(source?.text).toBe("Write-Output ä");
    expect(source?.offsetBytes(13)).toBe(2 + 26);
  });

  it("counts bytes of characters that take several", async () => {
    const source = await read("a.js", 'const a = "ä€"; b();');
    expect(source?.offsetBytes(source.text.indexOf("b()"))).toBe(19);
  });

  it("reads both ends of a file that is too long, and cuts no character", async () => {
    const source = await read("a.js", `${"ä".repeat(MAX_SOURCE_BYTES)};end();`);
    expect(source?.truncated).toBe(true);
    expect(source?.text.endsWith(";end();")).toBe(true);
    expect(source?.offsetBytes(source.text.length)).toBe(MAX_SOURCE_BYTES * 2 + 7);
  });

  it("takes the scripts out of a page", async () => {
    const page =
      '<p>fetch()</p>\n<script type="module">run(1);</script><script type="application/json">{}</script><script>run(2)';
    const source = await read("index.html", page);
    expect(source?.text).toBe("run(1);\nrun(2)\n");
    expect(source?.offsetBytes(source.text.indexOf("run(2)"))).toBe(page.indexOf("run(2)"));
  });
});

describe("code", () => {
  it("puts together what was written in pieces", async () => {
    const { text } = await code(
      "a.js",
      `const a=require("chi"+"ld_"+'process')["ex"+"ec"]; /* no */ a["\\x65val"]("x" + b) // no\nvar o = {"key": [ "v" ]}`,
    );
    expect(text).toBe('const a=require("child_process").exec;a.eval("x"+b)var o={key:["v"]}');
  });

  it("goes on behind a line that it cannot read", async () => {
    const { text } = await code("a.ts", "const a: string = 1;\nclass @ # {\nrun(2);");
    expect(text).toContain("run(2);");
  });

  it("leads back to the source", async () => {
    const { source, text, sourceIndex } = await code("a.js", "/* comment */ one( two );");
    expect(source.text.slice(sourceIndex(text.indexOf("two")))).toBe("two );");
  });

  it.each([
    [
      "a.py",
      '# no\ndef f():\n    """no"""\n    return "a" + "b"\n',
      '\ndef f():\n    \n    return "ab"\n'.replace("\n    \n", "\n\n"),
    ],
    ["a.sh", "#!/bin/sh\n# no\nrun # yes\n", "#!/bin/sh\n\nrun # yes\n"],
    ["a.ps1", "<# no #>i`eX ('A'+'b')\n", "iex ('ab')\n"],
    ["a.bat", "REM no\r\nm^shTA x\r\n", "\nmshta x\r\n"],
    ["a.vbs", '\' no\r\nRun "a" & "b"\r\n', '\nrun "ab"\r\n'],
  ])("leaves out of %s what does not count", async (path, text, expected) => {
    expect((await code(path, text)).text).toBe(expected);
  });
});
