import { sourceOf, verifyContext } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { issueRoot, writePem } from "../../replica/certificate-authority.ts";
import { signingKeyNamed } from "../../replica/signing-key.ts";
import { withAnchorsFromPem } from "../../trust/trust-file.ts";
import { day, NOW, signer, signerOf, trust } from "../authenticode/signing.fixture.ts";
import { apk } from "./index.ts";
import { schemePair, signedApk, signerValue, unsignedApk, withBlock } from "./package.fixture.ts";

const verify = (bytes: Buffer, anchors = trust) =>
  apk.verify(sourceOf(bytes), verifyContext({ format: "apk", trust: anchors, now: NOW }));

describe("signed Android packages", () => {
  it.each([
    ["2", "rsa"],
    ["2", "pss"],
    ["3", "rsa512"],
    ["3.1", "rsa"],
  ] as const)("are believed by scheme %s with %s", async (scheme, algorithm) => {
    const { signatures, findings } = await verify(signedApk({ signer, scheme, algorithms: [algorithm] }));
    expect(findings).toEqual([]);
    expect(signatures).toMatchObject([
      { scheme: "apk", integrity: "pass", trust: "valid-now", facts: { androidScheme: scheme } },
    ]);
  });

  it("are believed with elliptic curves, with several algorithms and by several signers", async () => {
    const other = signerOf({ subject: { commonName: "Other" }, key: signingKeyNamed("apk", "p-256") });
    const unsigned = unsignedApk();
    const values = [
      signerValue(unsigned, { signer, algorithms: ["rsa", "pss", "rsa512"] }),
      signerValue(unsigned, { signer: other, algorithms: ["ecdsa"] }),
    ];
    const third = signerValue(unsigned, { signer, scheme: "3" });
    const { signatures, findings } = await verify(
      withBlock(unsigned, schemePair("2", ...values), schemePair("3", third)),
    );
    expect(findings).toEqual([]);
    expect(signatures.map((one) => [one.position, one.integrity, one.signer?.commonName])).toEqual([
      [0, "pass", "Signer"],
      [1, "pass", "Other"],
      [2, "pass", "Signer"],
    ]);
  });

  it("are trusted by the signer's own certificate, while it is valid", async () => {
    const developer = (change: { validFrom: Date; validUntil: Date }) =>
      issueRoot({
        subject: { commonName: "Developer" },
        key: signingKeyNamed("developer", "rsa-2048"),
        ...change,
      });
    const today = developer({ validFrom: day("2020-01-01"), validUntil: day("2050-01-01") });
    const past = developer({ validFrom: day("2020-01-01"), validUntil: day("2021-01-01") });
    const none = { anchors: [], revocationLists: [], hash: "" };
    for (const [own, known, wanted] of [
      [today, today, "valid-now"],
      [today, signer, "self-signed"],
      [past, past, "expired"],
    ] as const) {
      const anchors = withAnchorsFromPem(
        none,
        Buffer.from(writePem("CERTIFICATE", known.certificate)),
        "own.pem",
      );
      const { signatures } = await verify(signedApk({ signer: own }), anchors);
      expect(signatures).toMatchObject([{ integrity: "pass", trust: wanted }]);
    }
  });

  it("are told apart from packages that nobody signed", async () => {
    expect(await verify(unsignedApk())).toEqual({ signatures: [], findings: [] });
    expect(await verify(Buffer.from("no zip"))).toMatchObject({ findings: [{ outcome: "unknown" }] });
  });
});
