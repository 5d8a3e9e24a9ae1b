import { addUnsigned } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { writeInteger, writeOctetString } from "../../asn1/write.ts";
import { writeAttribute } from "../../replica/cms-signer.ts";
import {
  blob,
  ENTITLEMENTS,
  fatOf,
  REQUIREMENTS,
  type SigningShape,
  signerNamed,
  signMachO,
  verify,
} from "./signing.fixture.ts";

/** 5 KiB that no signature covers. */
const withUnsigned = (cms: Buffer): Buffer =>
  addUnsigned(cms, writeAttribute("1.2.3.4", writeOctetString(Buffer.alloc(5000, 1))));
const flip = (bytes: Buffer, at: number): Buffer => {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(at) ^ 1, at);
  return copy;
};
const verifySigned = (shape: SigningShape) => verify(signMachO(shape).bytes);
const fails = (check: string, because: RegExp) =>
  expect.objectContaining({ check, outcome: "fail", because: expect.stringMatching(because) });

describe("a code signature", () => {
  it("is believed over pages, requirements and entitlements, and says what it claims", async () => {
    const special = new Map([
      [2, REQUIREMENTS],
      [5, ENTITLEMENTS],
    ]);
    const { signatures, findings } = await verifySigned({ special });
    expect(findings).toEqual([]);
    expect(signatures).toMatchObject([
      {
        scheme: "apple-code",
        integrity: "pass",
        trust: "valid-now",
        signer: { organisation: "Example" },
        digestAlgorithm: "sha256",
        facts: {
          identifier: "com.example.demo",
          teamIdentifier: "TEAM123456",
          hardenedRuntime: true,
          adHoc: false,
          entitlements: ["com.example.a"],
          stapledTicket: false,
          outside: [],
        },
      },
    ]);
  });

  it.each<[string, SigningShape]>([
    ["one page of everything, as disk images have it", { pageBits: 0 }],
    ["SHA-1 first and SHA-256 beside it, as for old systems", { digests: ["sha1", "sha256"] }],
    ["SHA-384", { digests: ["sha384"] }],
    [
      "three digests, named in the list of hashes alone",
      { digests: ["sha1", "sha256", "sha384"], agility: "list" },
    ],
    ["one CodeDirectory without hash agility", { agility: "none" }],
  ])("is believed with %s", async (_, shape) => {
    const { signatures, findings } = await verifySigned(shape);
    expect(findings).toEqual([]);
    expect(signatures).toMatchObject([{ integrity: "pass", trust: "valid-now" }]);
  });

  it("names the hashes of what lies outside, for whoever has it", async () => {
    const { signatures } = await verifySigned({ outside: new Map([[3, Buffer.alloc(32, 7)]]) });
    expect(signatures[0]?.facts.outside).toEqual([{ slot: 3, algorithm: "sha256", hash: "07".repeat(32) }]);
  });

  it("names the first page that was changed", async () => {
    const { bytes, signatureAt } = signMachO();
    const { signatures, findings } = await verify(flip(bytes, signatureAt - 1));
    expect(signatures).toMatchObject([{ integrity: "fail", trust: "broken" }]);
    const page = Math.floor((signatureAt - 1) / 512);
    expect(findings).toMatchObject([
      { check: "integrity", outcome: "fail", facts: { page, offsetBytes: page * 512 } },
    ]);
  });

  it.each<[string, SigningShape, RegExp]>([
    ["an alternate that nothing signed", { digests: ["sha1", "sha256"], agility: "none" }, /alternate/],
    [
      "an alternate changed after signing",
      {
        digests: ["sha1", "sha256"],
        changeDirectory: (one, index) => (index === 1 ? flip(one, one.length - 1) : one),
      },
      /page does not have/,
    ],
    [
      "entitlements that no CodeDirectory covers",
      { special: new Map([[5, ENTITLEMENTS]]), unhashed: [5] },
      /covers/,
    ],
    [
      "requirements that are gone",
      { special: new Map(), outside: new Map([[2, Buffer.alloc(32, 1)]]) },
      /gone/,
    ],
    ["pages that end early", { limit: 600 }, /do not end where/],
    ["the mark of an ad-hoc signature", { flags: 2 }, /ad-hoc/],
  ])("fails with %s", async (_, shape, because) => {
    const { signatures, findings } = await verifySigned(shape);
    expect(signatures).toMatchObject([{ integrity: "fail", trust: "broken" }]);
    expect(findings).toContainEqual(fails("integrity", because));
  });

  it("fails when the entitlements are others than those signed", async () => {
    const { bytes } = signMachO({ special: new Map([[5, ENTITLEMENTS]]) });
    const at = bytes.indexOf("com.example.a");
    expect((await verify(flip(bytes, at))).findings).toContainEqual(
      fails("integrity", /changed after it was signed: entitlements/),
    );
  });

  it("fails when the primary CodeDirectory was replaced", async () => {
    const { bytes } = signMachO();
    const at = bytes.indexOf("com.example.demo");
    expect((await verify(flip(bytes, at))).findings).toContainEqual(fails("integrity", /signed digest/));
  });

  it.each<[string, SigningShape]>([
    ["SHA-1 pages alone", { digests: ["sha1"] }],
    ["a signer's SHA-1", { cmsDigest: "sha1" }],
  ])("calls %s weak", async (_, shape) => {
    expect((await verifySigned(shape)).findings).toContainEqual(fails("weak-digest", /SHA1 alone/));
  });

  it.each<[string, SigningShape, RegExp]>([
    ["between its parts", { betweenBlobs: Buffer.alloc(8, 1) }, /between the parts/],
    ["behind its CMS", { behindCms: Buffer.alloc(8, 1) }, /behind the CMS/],
    ["in an unsigned attribute", { changeCms: withUnsigned }, /unsigned attribute/],
  ])("says that bytes are hidden %s", async (_, shape, because) => {
    expect((await verifySigned(shape)).findings).toContainEqual(fails("certificate-table", because));
  });

  it("says that bytes follow it", async () => {
    const { bytes } = signMachO();
    const { findings } = await verify(Buffer.concat([bytes, Buffer.alloc(32, 1)]));
    expect(findings).toContainEqual(fails("certificate-table", /bytes follow/));
  });

  it("fails when its place holds no CMS", async () => {
    const { signatures, findings } = await verifySigned({ changeCms: () => writeInteger(5) });
    expect(signatures).toMatchObject([{ integrity: "fail" }]);
    expect(findings).toContainEqual(fails("integrity", /cannot be read/));
  });
});

describe("an ad-hoc signature", () => {
  it("is none, and whole code says nothing", async () => {
    expect(await verifySigned({ signer: undefined, flags: 2 })).toEqual({ signatures: [], findings: [] });
  });

  it("tells of code that was changed", async () => {
    const { bytes, signatureAt } = signMachO({ signer: undefined, flags: 2 });
    const { signatures, findings } = await verify(flip(bytes, signatureAt - 1));
    expect(signatures).toEqual([]);
    expect(findings).toEqual([fails("integrity", /ad-hoc signature, which nobody made/)]);
  });
});

describe("the slices of a universal file", () => {
  it("are reported together", async () => {
    const { signatures, findings } = await verify(fatOf([{}, {}]));
    expect(findings).toEqual([]);
    expect(signatures.map(({ position, facts }) => [position, facts.slice])).toEqual([
      [0, "x86_64"],
      [1, "arm64"],
    ]);
  });

  it.each<[string, SigningShape, RegExp]>([
    ["one of them is not signed", { signer: undefined, flags: 2 }, /another is not/],
    ["another signed one of them", { signer: signerNamed("Somebody else") }, /different signers/],
  ])("fail when %s", async (_, shape, because) => {
    expect((await verify(fatOf([{}, shape]))).findings).toEqual([fails("integrity", because)]);
  });

  it("may be called by different names", async () => {
    expect((await verify(fatOf([{}, { identifier: "other" }]))).findings).toEqual([]);
  });

  it("may all be unsigned", async () => {
    const adHoc = { signer: undefined, flags: 2 };
    expect(await verify(fatOf([adHoc, adHoc]))).toEqual({ signatures: [], findings: [] });
  });
});

it("finds nothing in a SuperBlob that lacks a CodeDirectory, and says so", async () => {
  const { bytes, signatureAt } = signMachO();
  blob(0xfade0cc0, Buffer.alloc(4)).copy(bytes, signatureAt);
  expect((await verify(bytes)).findings).toMatchObject([
    { check: "integrity", outcome: "fail", because: expect.stringMatching(/no CodeDirectory/) },
  ]);
});
