/** osslsigncode signs scripts, we verify; we sign, osslsigncode verifies. */

import { readFile, rm, writeFile } from "node:fs/promises";
import { extname } from "node:path";
import { corpusFile, NO_CORPUS, osslsigncodeSince, sourceOf, verifyContext } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { authenticode } from "./index.ts";
import { openWorkshop } from "./osslsigncode.fixture.ts";
import { signScript, UTF8_MARK, UTF16 } from "./script.fixture.ts";
import { NOW, trust } from "./signing.fixture.ts";

const program = await osslsigncodeSince(8);
if (typeof program === "string") console.warn(`skipped: ${program}`);

const FORMATS: Readonly<Record<string, string>> = {
  ".ps1": "powershell",
  ".psm1": "powershell",
  ".psd1": "powershell",
  ".ps1xml": "powershell-xml",
  ".psc1": "powershell-xml",
  ".cdxml": "powershell-xml",
  ".mof": "mof",
};

describe.skipIf(typeof program === "string")("osslsigncode", () => {
  const { at, call, keys } = openWorkshop(program);

  async function sign(name: string, bytes: Buffer, ...options: string[]): Promise<Buffer> {
    await writeFile(at(`plain-${name}`), bytes);
    const output = at(`signed-${name}`);
    await rm(output, { force: true });
    await call("sign", ...keys(), ...options, "-in", at(`plain-${name}`), "-out", output);
    return readFile(output);
  }

  async function expectValid(name: string, bytes: Buffer) {
    const format = FORMATS[extname(name)] ?? "";
    const { signatures, findings } = await authenticode.verify(
      sourceOf(bytes),
      verifyContext({ trust, now: NOW, format }),
    );
    expect([name, findings]).toEqual([name, []]);
    expect(signatures).toMatchObject([{ integrity: "pass", trust: "valid-now" }]);
  }

  const TEXTS = ["plain\r\ntext\r\n", "no line end", "żółć\r\n", "lines\nof\nUnix\n", "\r\n\r\n x\r\n\r\n"];
  it.each(Object.keys(FORMATS))("signs %s in every encoding, and we agree", async (ending) => {
    for (const [index, text] of TEXTS.entries()) {
      const name = `${index}${ending}`;
      await expectValid(name, await sign(name, Buffer.from(text), "-h", "sha256"));
      await expectValid(
        name,
        await sign(name, Buffer.concat([UTF8_MARK, Buffer.from(text)]), "-h", "sha384"),
      );
      const wide = Buffer.concat([UTF16.mark, UTF16.encode(text)]);
      await expectValid(name, await sign(name, wide, "-h", "sha512"));
    }
  });

  it("believes what we sign", async () => {
    const cases = { ".ps1": "powershell", ".ps1xml": "powershell-xml", ".mof": "mof" } as const;
    for (const [ending, language] of Object.entries(cases) as [
      string,
      (typeof cases)[keyof typeof cases],
    ][]) {
      await writeFile(at(`ours${ending}`), signScript({ language, text: "Write-Host 'żółć'\r\n" }));
      const { stdout } = await call("verify", "-CAfile", at("root.pem"), "-in", at(`ours${ending}`));
      expect(stdout).toContain("Succeeded");
    }
  });

  const SCRIPTS = [
    "osslsigncode/unsigned.ps1",
    "osslsigncode/unsigned.psc1",
    "osslsigncode/unsigned.mof",
    "jsign/hello-world.ps1",
    "jsign/hello-world.ps1xml",
    "relic/packages/hello.ps1",
    "relic/packages/hello.ps1xml",
    "relic/packages/hello.mof",
  ];
  it.skipIf(corpusFile("osslsigncode/unsigned.ps1") === undefined).each(SCRIPTS)(
    `agrees with us about %s (${NO_CORPUS} otherwise)`,
    async (path) => {
      const bytes = await readFile(corpusFile(path) ?? "");
      await expectValid(path, await sign(`corpus${extname(path)}`, bytes, "-h", "sha256"));
    },
  );
});
