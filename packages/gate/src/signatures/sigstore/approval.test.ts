import type { Json } from "@sallyport/core";
import { sourceOf, verifyContext } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import type { Brought } from "../../brought.ts";
import { writePem } from "../../replica/certificate-authority.ts";
import { makeSigningKey, publicKeyInfoOf } from "../../replica/signing-key.ts";
import { defaultTrust } from "../../trust/default-trust.ts";
import { attest, statementOf, subjectOf } from "./bundles.fixture.ts";
import { FILE, file } from "./hostile.fixture.ts";
import { sigstore } from "./index.ts";
import { ISSUER, issueKeyless, SUBJECT, trustedRoot } from "./signing-service.fixture.ts";

async function verify(document: unknown, more: Partial<Brought> = {}) {
  const brought = { signatures: [file(document)], trustedRoot: file(trustedRoot()), ...more };
  const now = new Date("2026-06-01T00:00:00Z");
  return sigstore.verify(
    sourceOf(FILE),
    verifyContext({ format: "data", trust: defaultTrust(), now }, brought),
  );
}

describe("what a statement is good for", () => {
  const about = (type: string, predicate: Json) => attest(statementOf(subjectOf(FILE), type, predicate));
  const identity = { subject: SUBJECT, issuer: ISSUER };
  it.each<[string, Json, string]>([
    ["https://slsa.dev/verification_summary/v1", { verificationResult: "PASSED" }, "valid-timestamped"],
    ["https://slsa.dev/verification_summary/v1", { verificationResult: "FAILED" }, "invalid-path"],
    ["https://slsa.dev/verification_summary/v1", {}, "invalid-path"],
    ["https://in-toto.io/attestation/test-result/v0.1", { result: "WARNED" }, "invalid-path"],
    ["https://in-toto.io/attestation/vulns/v0.1", {}, "invalid-path"],
    ["https://cosign.sigstore.dev/attestation/vuln/v1", {}, "invalid-path"],
    ["https://openvex.dev/ns/v0.2.0", {}, "invalid-path"],
    ["https://spdx.dev/Document/v2.3", {}, "valid-timestamped"],
  ])("%s %j: %s", async (type, predicate, trust) => {
    const { signatures } = await verify(about(type, predicate), { identity });
    expect(signatures).toMatchObject([{ integrity: "pass", trust }]);
    expect(signatures[0]?.namedBy === undefined).toBe(trust === "invalid-path");
  });

  it("does not answer for a file by a report that the person's own key signed", async () => {
    const key = makeSigningKey("p-256");
    const keys = [file(writePem("PUBLIC KEY", publicKeyInfoOf(key)))];
    const statement = statementOf(subjectOf(FILE), "https://in-toto.io/attestation/vulns/v0.1");
    expect((await verify(attest(statement, { key }), { keys })).signatures).toMatchObject([
      { integrity: "pass", trust: "invalid-path" },
    ]);
  });
});

it("takes no invisible mark in front of a name for nothing", async () => {
  const bundle = attest(statementOf(subjectOf(FILE)), {
    signer: issueKeyless({ subject: `\ufeff${SUBJECT}` }),
  });
  const { signatures } = await verify(bundle, { identity: { subject: SUBJECT, issuer: ISSUER } });
  expect(signatures).toMatchObject([{ trust: "invalid-path" }]);
});
