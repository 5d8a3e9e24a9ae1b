import { sign } from "node:crypto";
import { sourceOf, verifyContext } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import type { IssuedCertificate } from "../../replica/certificate-authority.ts";
import { signingKeyNamed } from "../../replica/signing-key.ts";
import { NOW, signer, signerOf, trust } from "../authenticode/signing.fixture.ts";
import { apk } from "./index.ts";
import {
  type ApkSigning,
  number,
  PARTS,
  pair,
  prefixed,
  schemePair,
  signedApk,
  signerValue,
  unsignedApk,
  withBlock,
} from "./package.fixture.ts";

const verify = (bytes: Buffer) =>
  apk.verify(sourceOf(bytes), verifyContext({ format: "apk", trust, now: NOW }));
const otherKey = signingKeyNamed("other", "rsa-2048").publicKey.export({ type: "spki", format: "der" });
const unsigned = unsignedApk();
const decent = schemePair("2", signerValue(unsigned, { signer }));

describe("a package that was changed after it was signed", () => {
  it.each([
    [
      "content",
      unsignedApk([{ name: "AndroidManifest.xml", bytes: Buffer.from("other") }, ...PARTS.slice(1)]),
    ],
    ["a member more", unsignedApk([...PARTS, { name: "more.dex", bytes: Buffer.from("x") }])],
    ["a member less", unsignedApk(PARTS.slice(1))],
    ["a comment", Buffer.concat([unsigned.subarray(0, -2), Buffer.from("\x03\x00abc", "latin1")])],
  ])("is not believed: %s", async (_what, file) => {
    const { signatures, findings } = await verify(withBlock(file, decent));
    expect(signatures).toMatchObject([{ integrity: "fail", trust: "broken" }]);
    expect(findings).toMatchObject([{ check: "integrity", outcome: "fail" }]);
  });
});

describe("signers that say one thing and cover another", () => {
  it.each<[string, Omit<ApkSigning, "signer">, "fail" | "unknown"]>([
    ["another digest", { broken: { digest: Buffer.alloc(32) } }, "fail"],
    ["another signature", { broken: { signature: Buffer.alloc(256) } }, "fail"],
    ["another key", { broken: { publicKey: otherKey } }, "fail"],
    ["no certificate", { broken: { certificates: [] } }, "fail"],
    ["a certificate that is none", { broken: { certificates: [Buffer.from("x")] } }, "fail"],
    ["digests of another kind", { broken: { digestIds: [0x0101] } }, "fail"],
    ["versions that were not signed", { scheme: "3", broken: { versionsOutside: [1, 2] } }, "fail"],
    ["a value too many", { broken: { trailing: prefixed(Buffer.from("hidden")) } }, "fail"],
    ["a scheme that was taken out", { attributes: [Buffer.concat([number(0xbeeff00d), number(3)])] }, "fail"],
  ])("are not believed: %s", async (_what, signing, outcome) => {
    const { signatures, findings } = await verify(signedApk({ signer, ...signing }));
    expect(signatures).toMatchObject([{ integrity: outcome }]);
    expect(findings).toContainEqual(expect.objectContaining({ check: "integrity", outcome }));
  });

  it("are asked about when their algorithms are not known", async () => {
    const value = signerValue(unsigned, { signer });
    const odd = Buffer.from(value.toString("latin1").replaceAll("\x03\x01\0\0", "\x21\x04\0\0"), "latin1");
    expect((await verify(withBlock(unsigned, schemePair("2", odd)))).signatures).toMatchObject([
      { integrity: "unknown" },
    ]);
  });
});

describe("signing blocks", () => {
  it.each([
    ["the same scheme twice", [decent, decent], "integrity", "fail"],
    ["no signer", [schemePair("2")], "integrity", "fail"],
    ["a signer cut short", [pair(0x7109871a, Buffer.from([100, 0, 0, 0, 1]))], "integrity", "fail"],
    [
      "filling that is not empty",
      [decent, pair(0x42726577, Buffer.from("hidden"))],
      "certificate-table",
      "fail",
    ],
    ["much of an unknown kind", [decent, pair(1, Buffer.alloc(9000, 1))], "certificate-table", "fail"],
    ["a little of an unknown kind", [decent, pair(1, Buffer.from("shop 7"))], "certificate-table", "unknown"],
    [
      "too much of a known kind",
      [decent, pair(0x504b4453, Buffer.alloc(100_000, 1))],
      "certificate-table",
      "fail",
    ],
  ] as const)("hold signatures and next to nothing else: %s", async (_what, pairs, check, outcome) => {
    const { findings } = await verify(withBlock(unsigned, ...pairs));
    expect(findings).toMatchObject([{ check, outcome }]);
  });

  it("may be filled up, and hold what Android's tools put there", async () => {
    const pairs = [decent, pair(0x42726577, Buffer.alloc(3000)), pair(0x504b4453, Buffer.alloc(400, 1))];
    expect(await verify(withBlock(unsigned, ...pairs))).toMatchObject({ findings: [] });
  });

  it("meet every lie about their sizes with an error", async () => {
    const signed = withBlock(unsigned, decent);
    const mark = signed.lastIndexOf("APK Sig Block 42", undefined, "latin1");
    for (const size of [0, 1, 23, signed.length, 2 ** 40]) {
      const changed = Buffer.from(signed);
      changed.writeBigUInt64LE(BigInt(size), mark - 8);
      const { findings } = await verify(changed);
      expect(findings).toMatchObject([{ check: "integrity", outcome: "fail" }]);
    }
  });
});

describe("a signer of a newer scheme, whom nobody named", () => {
  const stranger = signerOf({
    subject: { commonName: "Stranger" },
    key: signingKeyNamed("apk stranger", "rsa-2048"),
  });
  const node = (certificate: Uint8Array, by: IssuedCertificate | undefined, from = 0x0103) => {
    const signedData = Buffer.concat([prefixed(certificate), number(from)]);
    const signature = by === undefined ? Buffer.alloc(0) : sign("sha256", signedData, by.key.privateKey);
    return prefixed(prefixed(signedData), number(0), number(0x0103), prefixed(signature));
  };
  const lineage = (...nodes: readonly Buffer[]) => Buffer.concat([number(0x3ba06f8c), number(1), ...nodes]);
  const first = node(signer.certificate, undefined);
  it.each<[string, readonly Buffer[], "fail" | "unknown" | undefined]>([
    ["without a proof", [], "fail"],
    ["with a proof that the older signer signed", [first, node(stranger.certificate, signer)], undefined],
    ["with a proof of their own", [first, node(stranger.certificate, stranger)], "fail"],
    ["with a proof without the older signer", [node(stranger.certificate, undefined)], "fail"],
    ["with a proof for another", [first, node(signer.certificate, signer)], "fail"],
    ["with a proof of another algorithm", [first, node(stranger.certificate, signer, 0x0104)], "fail"],
    ["with a proof that is none", [Buffer.from("x")], "fail"],
  ])("%s", async (_what, nodes, outcome) => {
    const attributes = nodes.length === 0 ? [] : [lineage(...nodes)];
    const bytes = signedApk({ signer }, { signer: stranger, scheme: "3", attributes });
    const { signatures, findings } = await verify(bytes);
    expect(signatures).toMatchObject([{ integrity: "pass" }, { integrity: "pass" }]);
    expect(findings).toMatchObject(outcome === undefined ? [] : [{ check: "integrity", outcome }]);
  });
});
