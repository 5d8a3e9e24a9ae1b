import { sourceOf, verifyContext } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { sample as unsigned } from "../../formats/assembly-manifest/sample.fixture.ts";
import { issueToken } from "../../replica/timestamp-authority.ts";
import { authority, day, expired, NOW, signer, trust } from "../authenticode/signing.fixture.ts";
import { clickonce } from "./index.ts";
import { signedManifest } from "./manifest.fixture.ts";

const verify = (bytes: Buffer) =>
  clickonce.verify(sourceOf(bytes), verifyContext({ format: "assembly-manifest", trust, now: NOW }));

describe("signed manifests", () => {
  it.each([
    ["with a license", {}],
    ["with the certificate beside the key", { withoutLicense: true }],
  ])("are believed %s", async (_what, change) => {
    expect(await verify(signedManifest({ signer, ...change }))).toMatchObject({
      findings: [],
      signatures: [
        {
          scheme: "clickonce",
          integrity: "pass",
          trust: "valid-now",
          digestAlgorithm: "sha256",
          signer: { commonName: "Signer" },
        },
      ],
    });
  });

  it("take the time from a timestamp over the license's signature", async () => {
    const behind = (value: Buffer) => {
      const token = issueToken({ authority, signature: value, at: day("2022-01-01") }).toString("base64");
      return `<Object><as:Timestamp xmlns:as="http://schemas.microsoft.com/windows/pki/2005/Authenticode">${token}</as:Timestamp></Object>`;
    };
    expect(await verify(signedManifest({ signer: expired, behind }))).toMatchObject({
      findings: [],
      signatures: [{ trust: "valid-timestamped" }],
    });
    expect(await verify(signedManifest({ signer: expired }))).toMatchObject({
      signatures: [{ trust: "expired" }],
    });
  });

  it("are not broken by a timestamp of the old kind, and not proven by it either", async () => {
    const behind = () => '<Object><Timestamp xmlns="urn:as">MAMBAQE=</Timestamp></Object>';
    expect(await verify(signedManifest({ signer: expired, behind }))).toMatchObject({
      findings: [],
      signatures: [{ integrity: "pass", trust: "expired" }],
    });
  });

  it("are told apart from those that nobody signed", async () => {
    expect(await verify(unsigned())).toEqual({ signatures: [], findings: [] });
    expect(await verify(Buffer.from("<assembly>"))).toEqual({ signatures: [], findings: [] });
  });

  it("are refused for weak digests", async () => {
    expect((await verify(signedManifest({ signer, digest: "sha1" }))).findings).toMatchObject([
      { check: "weak-digest", outcome: "fail" },
    ]);
  });
});
