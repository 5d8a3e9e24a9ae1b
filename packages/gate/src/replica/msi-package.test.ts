import { contentOf, recordingContext, sourceOf } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { cab } from "../formats/cab/index.ts";
import { ole } from "../formats/ole/index.ts";
import { msiSignature } from "../signatures/authenticode/msi-digest.ts";
import { writeMsi } from "./msi-package.ts";
import { withMsiSignature } from "./msi-signature.ts";

const files = [
  { name: "Demo.exe", content: Buffer.alloc(100_000, 1) },
  { name: "library.dll", content: Buffer.from("a library") },
];
const content = { product: "Demo", company: "Example Ltd", version: "1.0.0", folder: "Demo", files };

describe("installers made in code", () => {
  it("are equal byte for byte when made twice", () => {
    expect(writeMsi(content).equals(writeMsi(content))).toBe(true);
  });

  it("hold their files, under their installed names, in an embedded cabinet", async () => {
    const { context, findings } = recordingContext();
    const found = new Map<string, Buffer>();
    for await (const member of ole.open?.(sourceOf(writeMsi(content)), context) ?? []) {
      if (member.memberNames === undefined) continue;
      const inner = { ...context, memberNames: member.memberNames };
      for await (const file of cab.open?.(sourceOf(await contentOf(member)), inner) ?? []) {
        found.set(file.name, await contentOf(file));
      }
    }
    expect([...found.keys()]).toEqual(["Demo/Demo.exe", "Demo/library.dll"]);
    expect(found.get("Demo/library.dll")).toEqual(Buffer.from("a library"));
    expect(findings.filter(({ outcome }) => outcome !== "pass")).toEqual([]);
  });

  it("keep one signature when signed again", async () => {
    const once = await withMsiSignature(writeMsi(content), {
      pkcs7: Buffer.from("3003020101", "hex"),
      extended: Buffer.alloc(32),
    });
    const twice = await withMsiSignature(once, { pkcs7: Buffer.from("3003020102", "hex") });
    expect(await msiSignature(sourceOf(twice))).toEqual({
      blob: { der: Buffer.from("3003020102", "hex"), offsetBytes: 0 },
      findings: [],
    });
  });
});
