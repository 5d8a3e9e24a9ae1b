import { describe, expect, it } from "vitest";
import { KEY_PURPOSE } from "../../replica/certificate-authority.ts";
import { installerNamed, MEMBERS, type SigningShape, signXar, verify } from "./signing.fixture.ts";

const verifySigned = (shape: SigningShape = {}) => verify(signXar(shape).bytes);
const flip = (bytes: Buffer, at: number): Buffer => {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(at) ^ 1, at);
  return copy;
};
const fails = (check: string, because: RegExp) =>
  expect.objectContaining({ check, outcome: "fail", because: expect.stringMatching(because) });

describe("a signed package", () => {
  it("is believed by both of its signatures", async () => {
    const { signatures, findings } = await verifySigned();
    expect(findings).toEqual([]);
    expect(signatures).toMatchObject([
      { scheme: "xar", integrity: "pass", trust: "valid-now", position: 0, facts: { style: "rsa" } },
      { scheme: "xar", integrity: "pass", trust: "valid-now", position: 1, facts: { style: "cms" } },
    ]);
    expect(signatures[0]?.signer?.commonName).toBe("Developer ID Installer: Example");
  });

  it.each<[string, SigningShape]>([
    ["RSA over the digest as a message", { kinds: ["rsa"], hashesDigest: true }],
    ["the CMS alone", { kinds: ["cms"] }],
  ])("is believed by %s", async (_, shape) => {
    const { signatures, findings } = await verifySigned(shape);
    expect(findings).toEqual([]);
    expect(signatures).toMatchObject([{ integrity: "pass", trust: "valid-now" }]);
  });

  it("is valid by its timestamp when the signer's certificate ended, which only a CMS can have", async () => {
    const signer = installerNamed("Old", {
      validFrom: new Date("2021-01-01"),
      validUntil: new Date("2023-01-01"),
    });
    const { signatures } = await verifySigned({ signer, stampedAt: new Date("2022-01-01") });
    expect(signatures.map(({ trust }) => trust)).toEqual(["expired", "valid-timestamped"]);
  });

  it("is not believed when its signer's certificate is for something else", async () => {
    const signer = installerNamed("Mail", { extendedKeyUsage: [KEY_PURPOSE.serverAuthentication] });
    const { signatures } = await verifySigned({ signer });
    expect(signatures.map(({ trust }) => trust)).toEqual(["invalid-path", "invalid-path"]);
  });

  it("is nobody's without a signature", async () => {
    expect(await verifySigned({ kinds: [] })).toEqual({ signatures: [], findings: [] });
  });

  it("fails when its table of contents was changed", async () => {
    const { bytes, heapAt } = signXar();
    const other = signXar({ members: [...MEMBERS, { name: "more", content: Buffer.from("x") }] });
    const signed = bytes.subarray(heapAt + 32, heapAt + 32 + 256 + 4096);
    signed.copy(other.bytes, other.heapAt + 32);
    const { signatures, findings } = await verify(other.bytes);
    expect(signatures.map(({ integrity, trust }) => [integrity, trust])).toEqual([
      ["fail", "broken"],
      ["fail", "broken"],
    ]);
    expect(findings).toContainEqual(fails("integrity", /not over this table/));
    expect(findings).toContainEqual(fails("integrity", /signed digest/));
  });

  it("fails when a file was changed under an intact table", async () => {
    const { bytes } = signXar();
    const { signatures, findings } = await verify(flip(bytes, bytes.length - 1));
    expect(signatures).toMatchObject([{ integrity: "fail" }, { integrity: "fail" }]);
    expect(findings).toContainEqual(fails("integrity", /Payload is not as it was signed/));
  });

  it("fails when a file has no checksum, or one of a kind nobody knows", async () => {
    const without = (xml: string) => xml.replaceAll(/<archived-checksum.*?<\/archived-checksum>/g, "");
    const strange = (xml: string) =>
      xml.replaceAll('archived-checksum style="sha256"', 'archived-checksum style="x"');
    for (const changeTable of [without, strange])
      expect((await verifySigned({ changeTable })).findings).toContainEqual(
        fails("integrity", /nothing covers the content/),
      );
  });

  it.each<["sha1" | "md5"]>([["sha1"], ["md5"]])("calls %s weak", async (style) => {
    const { findings } = await verifySigned({ style, kinds: ["cms"] });
    expect(findings).toContainEqual(fails("weak-digest", new RegExp(style, "i")));
  });

  it("fails when bytes hide behind its CMS", async () => {
    const { findings } = await verifySigned({ behindCms: Buffer.from("hidden") });
    expect(findings).toContainEqual(fails("integrity", /hidden behind its CMS/));
  });

  it("is unknown with a signature of a style that is not known here", async () => {
    const changeTable = (xml: string) => xml.replace('style="RSA"', 'style="OTHER"');
    const { signatures } = await verifySigned({ changeTable, kinds: ["rsa"] });
    expect(signatures).toMatchObject([{ integrity: "unknown", trust: "broken" }]);
  });

  it("fails when the signer's certificate is missing", async () => {
    const changeTable = (xml: string) => xml.replaceAll(/<KeyInfo>.*?<\/KeyInfo>/g, "");
    const { findings } = await verifySigned({ changeTable, kinds: ["rsa"] });
    expect(findings).toContainEqual(fails("integrity", /certificate is missing/));
  });
});
