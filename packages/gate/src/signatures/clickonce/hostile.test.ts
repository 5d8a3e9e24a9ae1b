import { sourceOf, verifyContext } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { signingKeyNamed } from "../../replica/signing-key.ts";
import { issueToken } from "../../replica/timestamp-authority.ts";
import { authority, day, NOW, signer, signerOf, trust } from "../authenticode/signing.fixture.ts";
import { clickonce } from "./index.ts";
import { type ManifestSigning, signedManifest } from "./manifest.fixture.ts";

const verify = (bytes: Buffer) =>
  clickonce.verify(sourceOf(bytes), verifyContext({ format: "assembly-manifest", trust, now: NOW }));
const other = signerOf({ subject: { commonName: "Other" }, key: signingKeyNamed("other", "rsa-2048") });
const change = (from: string | RegExp, to: string) => (xml: string) => xml.replace(from, to);

describe("manifests that were changed after they were signed, or signed in pieces", () => {
  it.each<[string, Partial<ManifestSigning>, "fail" | "unknown"]>([
    ["an attribute", { change: change('name="Demo.exe"', 'name="Evil.exe"') }, "fail"],
    ["white space", { change: change("  <application />", " <application />") }, "fail"],
    ["an element more", { change: change("<application />", "<application /><file name='x'/>") }, "fail"],
    ["a value", { change: change(/<SignatureValue>./, "<SignatureValue>A") }, "fail"],
    ["the license's digest", { licenseHash: "00" }, "fail"],
    ["a license by another key", { licenseSigner: other }, "fail"],
    ["what the license grants", { change: change('Description=""', 'Description="Microsoft"') }, "fail"],
    [
      "two signatures",
      {
        change: (xml) =>
          xml.replace(
            "</asmv1:assembly>",
            '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/></asmv1:assembly>',
          ),
      },
      "fail",
    ],
    ["only a key", { withoutLicense: true, change: change(/<X509Data>.*?<\/X509Data>/s, "") }, "unknown"],
    ["no certificate in the license", { change: change(/<X509Data>.*?<\/X509Data>/s, "") }, "fail"],
    ["another form", { change: change("xml-exc-c14n#", "xml-exc-c14n#WithComments") }, "unknown"],
    ["a part of the document only", { change: change('URI=""', 'URI="#x"') }, "unknown"],
    ["an algorithm nobody knows", { change: change(/rsa-sha256/g, "rsa-sha9") }, "unknown"],
    ["a processing instruction", { change: change("<application />", "<?a b?><application />") }, "unknown"],
    ["an end too early", { change: (xml) => xml.slice(0, -3) }, "fail"],
  ])("are not believed: %s", async (_what, signing, outcome) => {
    const { signatures, findings } = await verify(signedManifest({ signer, ...signing }));
    expect(signatures).toMatchObject([{ integrity: outcome, trust: "broken" }]);
    expect(findings).toContainEqual(expect.objectContaining({ check: "integrity", outcome }));
  });

  it("are not believed with a timestamp of another signature", async () => {
    const token = issueToken({ authority, signature: Buffer.from("another"), at: day("2025-06-01") });
    const behind = () => `<Object><Timestamp xmlns="urn:as">${token.toString("base64")}</Timestamp></Object>`;
    expect((await verify(signedManifest({ signer, behind }))).signatures).toMatchObject([
      { integrity: "fail" },
    ]);
  });

  it.each([
    ["a comment", change("<application />", `<!--${"x".repeat(30_000)}--><application />`)],
    ["white space in the signature", change("<KeyInfo>", `<KeyInfo>${" ".repeat(30_000)}`)],
    ["an object", change("</KeyInfo>", `<KeyName>${"x".repeat(30_000)}</KeyName></KeyInfo>`)],
  ])("hide nothing: %s", async (_what, changed) => {
    const bytes = signedManifest({ signer, withoutLicense: true, change: changed });
    expect((await verify(bytes)).findings).toMatchObject([{ check: "certificate-table", outcome: "fail" }]);
  });
});
