/** Signatures of scripts: what they cover in every encoding, and what may not stand around them. */
import { sourceOf, verifyContext } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { authenticode } from "./index.ts";
import {
  blockOf,
  type ScriptLanguage,
  type ScriptRequest,
  signScript,
  UTF8_MARK,
  UTF16,
  UTF16_BIG,
} from "./script.fixture.ts";
import { NOW, trust } from "./signing.fixture.ts";

const TEXTS: Readonly<Record<ScriptLanguage, Pick<ScriptRequest, "text" | "rest">>> = {
  powershell: { text: 'Write-Host "hello"\r\nGet-Process | Out-Null\n' },
  "powershell-xml": { text: '<?xml version="1.0"?>\r\n<Types><Type><Name>A</Name></Type></Types>' },
  mof: { text: '#pragma namespace("\\\\\\\\.\\\\root")\r\ninstance of A {};\r\n' },
  vbscript: { text: 'MsgBox "hello"\r\n' },
  javascript: { text: 'WScript.Echo("hello");\r\n' },
  "windows-script": { text: '<job>\r\n<script language="VBScript">\r\n</script>', rest: "</job>\r\n" },
};
const LANGUAGES = Object.keys(TEXTS) as ScriptLanguage[];

const verify = (bytes: Buffer, format: string) =>
  authenticode.verify(sourceOf(bytes), verifyContext({ trust, now: NOW, format }));

async function expectValid(bytes: Buffer, format: string) {
  const { signatures, findings } = await verify(bytes, format);
  expect(findings).toEqual([]);
  expect(signatures).toMatchObject([{ scheme: "authenticode", integrity: "pass", trust: "valid-now" }]);
}

const checksOf = async (bytes: Buffer, format: string) =>
  (await verify(bytes, format)).findings.map(({ check, outcome, facts }) => [
    check,
    outcome,
    facts.rule ?? "",
  ]);

describe.each(LANGUAGES)("signatures of %s", (language) => {
  const request = { language, ...TEXTS[language] };
  const signed = signScript(request);

  it("believes it in every encoding that says what it is", async () => {
    await expectValid(signed, language);
    await expectValid(signScript({ ...request, mark: UTF8_MARK }), language);
    await expectValid(signScript({ ...request, ...UTF16 }), language);
    await expectValid(signScript({ ...request, ...UTF16_BIG }), language);
  });

  it("believes text that is not ASCII in UTF-8 and in the code pages of Windows", async () => {
    const text = request.text.replace("\r\n", "' żółć\r\n");
    await expectValid(signScript({ ...request, text }), language);
    await expectValid(signScript({ ...request, text, mark: UTF8_MARK }), language);
    await expectValid(signScript({ ...request, text, ...UTF16 }), language);
    const western = (plain: string) => Buffer.from(plain.replaceAll("€", "\x80"), "latin1");
    await expectValid(
      signScript({ ...request, text: request.text.replace("\r\n", "' 5 € für\r\n"), encode: western }),
      language,
    );
  });

  it("believes text in the code pages of East Asia", async () => {
    // "日本" in Shift JIS, "中文" in GBK.
    for (const [characters, bytes] of [
      ["日本", "\x93\xfa\x96\x7b"],
      ["中文", "\xd6\xd0\xce\xc4"],
    ] as const) {
      const encode = (plain: string) => Buffer.from(plain.replaceAll(characters, bytes), "latin1");
      const text = request.text.replace("\r\n", `' ${characters}\r\n`);
      await expectValid(signScript({ ...request, text, encode }), language);
    }
  });

  it("notices every byte of the text that changes", async () => {
    const end = signed.indexOf("\r\n", Buffer.byteLength(request.text));
    for (let at = 0; at < end; at += 1) {
      const changed = Buffer.from(signed);
      changed[at] = (changed[at] ?? 0) ^ 0x20;
      expect(await checksOf(changed, language)).toContainEqual(["integrity", "fail", ""]);
    }
  });

  it("notices a byte before the text and one between the text and the block", async () => {
    const at = Buffer.byteLength(request.text);
    for (const [before, added] of [
      [0, " "],
      [at, "x"],
      [at, "\r\n"],
    ] as const) {
      const changed = Buffer.concat([
        signed.subarray(0, before),
        Buffer.from(added),
        signed.subarray(before),
      ]);
      expect(await checksOf(changed, language)).toContainEqual(["integrity", "fail", ""]);
    }
  });

  it("does not let a line of the block be anything but base64", async () => {
    const text = signed.toString("latin1");
    const body = text.indexOf("\r\n", request.text.length + 4) + 2;
    const line = `${text.slice(body, text.indexOf("\r\n", body))}`;
    for (const other of [line.slice(0, 30), `${line}!`, line.replace(/.{9}$/, "= a secret"), `${line}\r\n`]) {
      const changed = Buffer.from(text.replace(line, other), "latin1");
      expect(await checksOf(changed, language)).toContainEqual([
        expect.anything(),
        "fail",
        expect.anything(),
      ]);
    }
  });

  it("tells a script whose line ends were converted from one that was changed", async () => {
    const isMixed = /[^\r]\n/.test(request.text);
    const unix = Buffer.from(signed.toString("latin1").replaceAll("\r\n", "\n"), "latin1");
    const { signatures, findings } = await verify(unix, language);
    expect(findings).toMatchObject([{ check: "integrity", outcome: isMixed ? "fail" : "unknown" }]);
    expect(signatures).toMatchObject([{ integrity: isMixed ? "fail" : "unknown", trust: "broken" }]);
    const changed = Buffer.from(unix.toString("latin1").replace("e", "f"), "latin1");
    expect(await checksOf(changed, language)).toEqual([["integrity", "fail", ""]]);
  });

  it("fails a block that is cut short", async () => {
    const body = signed.indexOf("\r\n", request.text.length + 4) + 2;
    for (let cut = body + 80; cut < signed.length - 40 - (request.rest?.length ?? 0); cut += 97)
      expect(await checksOf(signed.subarray(0, cut), language)).toContainEqual([
        "integrity",
        "fail",
        expect.anything(),
      ]);
  });

  it("is silent about a script that only mentions the mark", async () => {
    const mention = blockOf(language, Buffer.from("x")).split("\r\n")[1] ?? "";
    const text = `${request.text}\r\n${mention}\r\nfunction f\r\n`;
    expect(await verify(Buffer.from(text), language)).toEqual({ signatures: [], findings: [] });
  });
});

describe("what stands around a signature block", () => {
  const request = { language: "powershell", ...TEXTS.powershell } as const;
  const signed = signScript(request);

  it("refuses code, and comments, behind the block", async () => {
    for (const rest of ["Start-Evil\r\n", "# only a comment\r\n", "\r\n\r\n\r\n\r\n\r\n", " "])
      expect(await checksOf(Buffer.concat([signed, Buffer.from(rest)]), "powershell")).toContainEqual([
        "certificate-table",
        "fail",
        "S1",
      ]);
    await expectValid(Buffer.concat([signed, Buffer.from("\r\n")]), "powershell");
    await expectValid(signed.subarray(0, -2), "powershell");
  });

  it("refuses two blocks, whichever way they are put together", async () => {
    const again = signScript({ ...request, text: signed.toString("latin1") });
    const block = signed.subarray(Buffer.byteLength(request.text));
    for (const bytes of [again, Buffer.concat([signed, block])])
      expect(await checksOf(bytes, "powershell")).toContainEqual(["certificate-table", "fail", "S2"]);
  });

  it("refuses half a character of UTF-16 behind the block", async () => {
    const wide = Buffer.concat([signScript({ ...request, ...UTF16 }), Buffer.from("x")]);
    expect(await checksOf(wide, "powershell")).toContainEqual(["certificate-table", "fail", "S1"]);
  });

  it("refuses the signature of another kind of script over the same text", async () => {
    const text = "x = 1\r\n";
    const der = signScript({ language: "javascript", text });
    const base64 = der
      .toString("latin1")
      .split("\r\n")
      .filter((line) => /^\/\/ SIG \/\/ [A-Za-z0-9+/=]+$/.test(line))
      .map((line) => line.slice(10));
    const moved = Buffer.from(text + blockOf("vbscript", Buffer.from(base64.join(""), "base64")));
    expect(await checksOf(moved, "vbscript")).toContainEqual(["integrity", "fail", ""]);
  });

  it("finds no block in another encoding than the text's, and no other reader does", async () => {
    const [text, block] = [Buffer.from(request.text), signed.subarray(Buffer.byteLength(request.text))];
    const wide = (bytes: Buffer) => Buffer.from(bytes.toString("latin1"), "utf16le");
    for (const mixed of [
      Buffer.concat([text, wide(block)]),
      Buffer.concat([UTF16.mark, wide(text), block]),
      Buffer.concat([UTF16.mark, wide(text), wide(block).swap16()]),
    ])
      expect((await verify(mixed, "powershell")).signatures).toEqual([]);
  });

  it("takes a lone carriage return for no line end: the shell would run what follows it", async () => {
    const lines = signed.toString("latin1");
    const code = lines.replace(/\r\n(# [A-Za-z0-9+/]{20})/, "\r\n# MAAA\rStart-Evil\r\n$1");
    expect(await checksOf(Buffer.from(code, "latin1"), "powershell")).toContainEqual([
      "integrity",
      "fail",
      "",
    ]);
    const behind = Buffer.concat([signed.subarray(0, -2), Buffer.from("\rStart-Evil\r\n")]);
    expect(await checksOf(behind, "powershell")).toContainEqual(["integrity", "fail", ""]);
  });

  it("finds a block that is the whole file", async () => {
    await expectValid(signScript({ language: "powershell", text: "" }), "powershell");
  });

  it("reads blocks whose lines end as on other systems, and still covers the text", async () => {
    const lines = signed
      .subarray(Buffer.byteLength(request.text))
      .toString("latin1")
      .replaceAll("\r\n", "\n");
    await expectValid(Buffer.concat([Buffer.from(request.text), Buffer.from(lines)]), "powershell");
  });

  it("holds a script that is too large to be read whole only when it may be signed", async () => {
    const limits = { trust, now: NOW, format: "powershell", maxHeldBytes: 64 };
    expect((await authenticode.verify(sourceOf(signed), verifyContext(limits))).findings).toMatchObject([
      { check: "integrity", outcome: "unknown" },
    ]);
    const plain = Buffer.from(request.text.repeat(9));
    expect((await authenticode.verify(sourceOf(plain), verifyContext(limits))).findings).toEqual([]);
  });
});
