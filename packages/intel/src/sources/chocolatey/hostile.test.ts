import { describe, expect, it } from "vitest";
import { readAll } from "../../witnesses/read.fixture.ts";
import { buildZip } from "../../witnesses/zip.fixture.ts";
import { chocolatey } from "./index.ts";
import { nuspec, sample, script } from "./sample.fixture.ts";

const among = (text: string | Uint8Array) => ({
  "a.zip": buildZip({
    "bad/x.nuspec": text,
    "bad/tools/i.ps1": script,
    "good/x.nuspec": nuspec,
    "good/tools/i.ps1": script,
  }),
});

describe("chocolatey, with hostile packages", () => {
  it.each<[string, string | Uint8Array, string]>([
    ["an empty description", "", "not well-formed"],
    ["one that ends early", nuspec.slice(0, 200), "not well-formed"],
    ["a document type", `<!DOCTYPE a [<!ENTITY x "y">]>${nuspec.replace(/^<\?.*\n/, "")}`, "document type"],
    ["no version", nuspec.replace("<version>1.2.3</version>", ""), "names no package and version"],
    ["UTF-16", Buffer.from(`\ufeff${nuspec}`, "utf16le"), "UTF-16"],
    ["deep nesting", "<a>".repeat(5_000), "nested too deeply"],
    ["NUL", nuspec.replace("App", "\0"), "not well-formed"],
  ])("tells of %s, and reads the others", async (_, text, because) => {
    const { facts, skipped } = await readAll(chocolatey, among(text));
    expect(facts).toHaveLength(2);
    expect(skipped).toMatchObject([
      { file: "a.zip/bad/x.nuspec", because: expect.stringContaining(because) },
    ]);
  });

  it("reads scripts in whatever encoding they are", async () => {
    for (const bytes of [
      Buffer.from(`\ufeff${script}`, "utf16le"),
      Buffer.from(`# \xe9\n${script}`, "latin1"),
    ]) {
      const files = { "a.nupkg": buildZip({ "a.nuspec": nuspec, "tools/i.ps1": bytes }) };
      expect((await readAll(chocolatey, files)).facts).toHaveLength(2);
    }
  });

  it("keeps its time for a script of blanks", async () => {
    const bytes = Buffer.from(`url${" ".repeat(1_000_000)}\n${script}`);
    const files = { "a.nupkg": buildZip({ "a.nuspec": nuspec, "tools/i.ps1": bytes }) };
    expect((await readAll(chocolatey, files)).facts).toHaveLength(2);
  });

  it("throws where it is cut off, and for what is no package", async () => {
    const whole = sample["app.install.nupkg"] ?? Buffer.alloc(0);
    for (let length = 0; length < whole.length; length += 13)
      await expect(readAll(chocolatey, { "a.nupkg": whole.subarray(0, length) })).rejects.toMatchObject({
        code: expect.stringMatching(/^feed\./),
        message: expect.stringContaining("a.nupkg"),
      });
    for (const bytes of [Buffer.from("garbage"), buildZip({ "tools/i.ps1": script }), buildZip({ a: "b" })])
      await expect(readAll(chocolatey, { "a.nupkg": bytes })).rejects.toMatchObject({
        code: expect.stringMatching(/^feed\./),
      });
  });
});
