import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { corpusFile, NO_CORPUS, sourceOf, verifyContext } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { buildZip, readZip } from "../../formats/zip/zip.fixture.ts";
import { signAuthenticode } from "../../replica/authenticode-signer.ts";
import { authenticode } from "./index.ts";
import { NOW, signer, trust } from "./signing.fixture.ts";

const archive = buildZip([{ name: "NavxManifest.xml", bytes: Buffer.from("<Package/>") }]);

function navx(content = archive, claimedBytes = content.length): Buffer {
  const header = Buffer.alloc(40);
  header.write("NAVX", 0, "latin1");
  header.writeUInt32LE(40, 4);
  header.writeBigUInt64LE(BigInt(claimedBytes), 28);
  header.write("NAVX", 36, "latin1");
  return Buffer.concat([header, content]);
}

function sign(file: Buffer, change = (der: Buffer) => der): Buffer {
  const fileDigest = createHash("sha256").update(file).digest();
  const der = change(signAuthenticode({ subject: "msi", fileDigest, signer }));
  const end = Buffer.alloc(8);
  end.writeUInt32LE(file.length, 0);
  end.write("NXSB", 4, "latin1");
  return Buffer.concat([file, Buffer.from("NXSB"), der, end]);
}

const verify = (bytes: Buffer, format = "navx") =>
  authenticode.verify(sourceOf(bytes), verifyContext({ format, trust, now: NOW }));

describe("signed extensions of Business Central", () => {
  it("are opened and believed, signed or not", async () => {
    const signed = sign(navx());
    for (const bytes of [navx(), signed])
      expect(await readZip(bytes)).toMatchObject({ format: "navx", findings: [], contents: { size: 1 } });
    expect(await verify(signed)).toMatchObject({
      findings: [],
      signatures: [{ integrity: "pass", trust: "valid-now" }],
    });
    expect(await verify(navx())).toEqual({ signatures: [], findings: [] });
  });

  it("are not believed when they were changed", async () => {
    const signed = sign(navx());
    for (const at of [10, 60]) {
      const changed = Buffer.from(signed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(await verify(changed)).toMatchObject({ signatures: [{ integrity: "fail", trust: "broken" }] });
    }
  });

  it("hide nothing behind the signature", async () => {
    const signed = sign(navx(), (der) => Buffer.concat([der, Buffer.alloc(500)]));
    expect((await verify(signed)).findings).toMatchObject([{ check: "certificate-table", outcome: "fail" }]);
  });

  it.each([
    ["bytes that are no signature", Buffer.concat([navx(), Buffer.from("hidden hidden hidden")])],
    ["a few bytes", Buffer.concat([navx(), Buffer.from("x")])],
    [
      "a signature for another place",
      Buffer.concat([sign(navx()).subarray(0, -8), Buffer.from("\0\0\0\0NXSB")]),
    ],
    ["less than they say", navx(archive, archive.length + 1)],
  ])("are not read with %s", async (_what, bytes) => {
    expect((await readZip(bytes)).codes.get("")).toMatch(/artifact\.(?:malformed|truncated)/);
    expect((await verify(bytes)).findings).toMatchObject([{ check: "integrity", outcome: "unknown" }]);
  });

  const real = corpusFile("jsign/minimal.navx");
  it.skipIf(real === undefined)(
    `are read from a real one${real === undefined ? ` (${NO_CORPUS})` : ""}`,
    async () => {
      const bytes = await readFile(real ?? "");
      expect(await readZip(sign(bytes))).toMatchObject({ format: "navx", findings: [] });
      expect(await verify(sign(bytes))).toMatchObject({ signatures: [{ integrity: "pass" }] });
    },
  );
});

describe("signed Silverlight applications", () => {
  const plain = buildZip([{ name: "AppManifest.xaml", bytes: Buffer.from("<Deployment/>") }]);
  const signXap = (file: Buffer, change = (der: Buffer) => der): Buffer => {
    const fileDigest = createHash("sha256").update(file).digest();
    const der = change(signAuthenticode({ subject: "msi", fileDigest, signer }));
    const header = Buffer.from([1, 0, 1, 0, 0, 0, 0, 0]);
    header.writeUInt32LE(der.length, 4);
    const trailer = Buffer.from("XapS\x01\0\0\0\0\0", "latin1");
    trailer.writeUInt32LE(der.length + 8, 6);
    return Buffer.concat([file, header, der, trailer]);
  };

  it("are opened and believed, signed or not", async () => {
    for (const bytes of [plain, signXap(plain)])
      expect(await readZip(bytes)).toMatchObject({ format: "xap", findings: [], contents: { size: 1 } });
    expect(await verify(signXap(plain), "xap")).toMatchObject({
      findings: [],
      signatures: [{ integrity: "pass", trust: "valid-now" }],
    });
    expect(await verify(plain, "xap")).toEqual({ signatures: [], findings: [] });
  });

  it("go by their name whatever else they look like, so that the signature is looked at", async () => {
    const odd = buildZip([{ name: "AndroidManifest.xml", bytes: Buffer.from("x") }]);
    expect(await readZip(signXap(odd))).toMatchObject({ format: "xap" });
  });

  it("are not believed when they were changed, and hide nothing", async () => {
    const changed = signXap(plain);
    changed[12] = (changed[12] ?? 0) ^ 1;
    expect(await verify(changed, "xap")).toMatchObject({ signatures: [{ integrity: "fail" }] });
    const fat = signXap(plain, (der) => Buffer.concat([der, Buffer.alloc(500)]));
    expect((await verify(fat, "xap")).findings).toMatchObject([{ check: "certificate-table" }]);
    const loose = Buffer.concat([plain, Buffer.from("hidden"), signXap(plain).subarray(plain.length)]);
    expect((await readZip(loose)).findings).toMatchObject([{ check: "structure", outcome: "fail" }]);
    const lying = Buffer.from(signXap(plain));
    lying.writeUInt32LE(9, lying.length - 4);
    expect((await readZip(lying)).codes.get("")).toBe("artifact.malformed");
  });
});
