/** Which texts are scripts, and which are not. */
import { readFile } from "node:fs/promises";
import { corpusFile, NO_CORPUS } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { languageOf } from "./script.fixture.ts";

const BLOCK = (open: string, close = "") =>
  `\r\n${open}SIG # Begin signature block${close}\r\n${open}MAAA${close}\r\n${open}SIG # End signature block${close}\r\n`;

const SCRIPTS: readonly (readonly [language: string, text: string])[] = [
  ["shell", "#!/bin/sh\nset -e\n"],
  ["shell", "#! /usr/bin/env -S LANG=C bash -e\n"],
  ["python", "#!/usr/bin/python3.11\n"],
  ["javascript", "#!/usr/bin/env node\n"],
  ["powershell", "#!/usr/bin/env pwsh\n"],
  ["perl", "#!/usr/bin/perl -w\n"],
  ["powershell", "#!powershell\r\n# a module\r\n"],
  ["python", "import os\nfrom a import b\nimport sys\n    $x = $y\n"],
  ["script", "#!/usr/bin/awk -f\n"],
  ["powershell", 'cls\r\nWrite-Host "hello"'],
  ["powershell", "write-host 'hello'\r\n"],
  [
    "powershell",
    "<#\n.SYNOPSIS\n Long prose about what this does and why it is here.\n#>\nparam(\n[int]$A)\n",
  ],
  ["powershell", "# a module\r\n@{\r\nModuleVersion = '1.0'\r\n}\r\n"],
  ["powershell", `echo hello${BLOCK("# ")}`],
  ["powershell-xml", '<?xml version="1.0"?>\r\n<!-- types --><Types><Type><Name>A</Name></Type></Types>'],
  [
    "powershell-xml",
    '\ufeff<?xml version="1.0"?>\r\n<PSConsoleFile ConsoleSchemaVersion="1.0"></PSConsoleFile>',
  ],
  ["powershell-xml", `<Configuration />${BLOCK("<!-- ", " -->")}`],
  ["mof", '#pragma namespace("\\\\\\\\.\\\\root")\r\n'],
  ["mof", '[ClassVersion("1.0")]\r\nclass A { };'],
  ["mof", `class A {};${BLOCK("/* ", " */")}`],
  ["batch", "@ECHO OFF\r\nnode %~dp0\\x.js %*\r\n"],
  ["batch", 'rem tool\r\nif not exist "%x%" goto :end\r\n'],
  ["vbscript", 'MsgBox "hello"\r\n'],
  ["vbscript", "Option Explicit\r\nDim shell\r\n"],
  ["javascript", 'WScript.Echo("hello");\r\n'],
  ["javascript", 'console.log("hello");'],
  ["javascript", '/*! a library, with a licence in many words */\n!function(e){"use strict"}(1);'],
  ["javascript", '"use strict";\nObject.defineProperty(exports, "__esModule", { value: true });\n'],
  ["javascript", 'import { a } from "./a.js";\nexport default a;\n'],
  ["windows-script", '<?xml version="1.0" ?>\r\n<job>\r\n<script language="VBScript">\r\n'],
  ["windows-script", '<package><job id="a"></job></package>'],
  ["encoded-script", "#@~^DgAAAA==\\ko$K6,JCV^GJqAQAAA==^#~@"],
  ["python", "import os\nimport sys\n\nprint(sys.path)\n"],
  ["php", "<?php echo 1;\n"],
];

const OTHERS: readonly (readonly [what: string, text: string])[] = [
  ["prose", "Set-up is easy.\nRun the program and wait until it has finished its work.\n"],
  [
    "a licence",
    "Permission is hereby granted, free of charge, to any person obtaining a copy\nof this software\n",
  ],
  ["a page", "<!DOCTYPE html>\n<html><script>var a = 1;</script></html>"],
  ["JSON", '{ "scripts": { "test": "node --test" } }'],
  ["a list of content types", '<?xml version="1.0"?><Types xmlns="x"><Default Extension="xml"/></Types>'],
  ["settings of .NET", "<?xml version='1.0'?><configuration><runtime/></configuration>"],
  ["a document about code", "# Signing\n\n```powershell\nGet-ChildItem -Recurse\nSet-Location $home\n```\n"],
  ["a style sheet", "body { color: red }\n.a::before { content: 'x' }\n"],
  ["settings for an editor", "set ts=4\nsetlocal sw=2\nlet g:x = 1\n"],
  ["C", "#include <stdio.h>\nint main(void) { return 0; }\n"],
  ["C++", "#include <a>\nusing namespace std;\n"],
  ["YAML", "---\nrun: |\n  $x = Get-ChildItem -Path $y\n  Remove-Item -Recurse $x\n"],
  ["documentation of Perl", "=head1 NAME\n\n    $x = $y->z\n"],
  ["an attribute of Rust", "#![feature(test)]\nfn main() {}\n"],
  [
    "a shell script with a program behind it",
    `#!/bin/sh\ntail -n +3 "$0"\nexit\n\0\u0001${"\0".repeat(5000)}`,
  ],
  ["nothing but white space", " \n\n"],
  [
    "a mention of a block",
    "The file ends with\n# SIG # Begin signature block\nand more text follows here as well.\n",
  ],
];

const LONG_BLOCK = `\r\n# SIG # Begin signature block\r\n${"# MAAAMAAA\r\n".repeat(6)}# SIG # End signature block\r\n`;

describe("recognising scripts", () => {
  it("knows a signed script by its block, also when text was put behind it", async () => {
    expect(await languageOf(`echo hello${LONG_BLOCK}`)).toBe("powershell");
    expect(await languageOf(`echo hello${LONG_BLOCK}echo evil\r\n`)).toBe("powershell");
    expect(await languageOf(`Signing\n\n~~~\necho hello${LONG_BLOCK}~~~\nand so on.\n`)).toBe("-");
    expect(await languageOf(`It ends so:${BLOCK("# ")}and may be long.\n`)).toBe("-");
  });

  it.each(SCRIPTS)("takes for %s: %j", async (language, text) => {
    expect(await languageOf(text)).toBe(language);
    for (const [mark, encode] of [
      [[0xff, 0xfe], (wide: Buffer) => wide],
      [[0xfe, 0xff], (wide: Buffer) => wide.swap16()],
    ] as const) {
      if (text.startsWith("\ufeff") || text.startsWith("#!")) continue;
      const wide = Buffer.concat([Buffer.from(mark), encode(Buffer.from(text, "utf16le"))]);
      expect(await languageOf(wide)).toBe(language);
    }
  });

  it.each(OTHERS)("takes for no script: %s", async (_, text) => {
    expect(await languageOf(text)).toBe("-");
  });

  it("is not put off by control characters that a program in a text holds", async () => {
    const line = "var text = 'some text to fill the file with';\n";
    const bundle = `#!/usr/bin/env node\n${line.repeat(200)}var controls = /[\u0001-\u0008\u007f]/;\n${line.repeat(200)}`;
    expect(await languageOf(bundle)).toBe("javascript");
  });

  const EXPECTED: Readonly<Record<string, string>> = {
    "osslsigncode/unsigned.ps1": "powershell",
    "osslsigncode/unsigned.psc1": "powershell-xml",
    "osslsigncode/unsigned.mof": "mof",
    "osslsigncode/unsigned.js": "javascript",
    "jsign/hello-world.js": "javascript",
    "jsign/hello-world.ps1": "powershell",
    "jsign/hello-world.ps1xml": "powershell-xml",
    "jsign/hello-world.vbs": "vbscript",
    "jsign/hello-world.wsf": "windows-script",
    "relic/packages/hello.mof": "mof",
    // One word that every shell knows, and an element that many files have.
    "relic/packages/hello.ps1": "-",
    "relic/packages/hello.ps1xml": "-",
  };
  it.skipIf(corpusFile("jsign/hello-world.js") === undefined).each(Object.entries(EXPECTED))(
    `knows %s as %s (${NO_CORPUS} otherwise)`,
    async (path, language) => {
      expect(await languageOf(await readFile(corpusFile(path) ?? ""))).toBe(language);
    },
  );
});
