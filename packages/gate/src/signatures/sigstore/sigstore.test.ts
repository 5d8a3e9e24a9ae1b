/** Who is believed, and who is not: identity, keys, times, roots. */

import { sign } from "node:crypto";
import type { Json, JsonObject } from "@sallyport/core";
import { sourceOf, verifyContext } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import type { Brought, BroughtFile } from "../../brought.ts";
import { listMember, member, memberAt, textMember } from "../../json/read-json.ts";
import { writePem } from "../../replica/certificate-authority.ts";
import { makeSigningKey, publicKeyInfoOf } from "../../replica/signing-key.ts";
import { defaultTrust } from "../../trust/default-trust.ts";
import { attest, signFile, statementOf, subjectOf } from "./bundles.fixture.ts";
import { sigstore } from "./index.ts";
import { build, ISSUER, issueKeyless, SIGNED_AT, SUBJECT, trustedRoot } from "./signing-service.fixture.ts";

const FILE = Buffer.from("a harmless line of text\n".repeat(50));
const NOW = new Date("2026-06-01T00:00:00Z");
const file = (document: unknown, name = "product.sigstore.json"): BroughtFile => ({
  name,
  source: sourceOf(Buffer.from(typeof document === "string" ? document : JSON.stringify(document))),
});

async function verify(document: unknown, more: Partial<Brought> = {}, now = NOW) {
  const brought = { signatures: [file(document)], trustedRoot: file(trustedRoot(), "root.json"), ...more };
  const context = verifyContext({ format: "data", trust: defaultTrust(), now }, brought);
  return sigstore.verify(sourceOf(FILE), context);
}

const attested = (request = {}) => attest(statementOf(subjectOf(FILE)), request);

describe("whom a bundle names", () => {
  it.each([
    ["an attestation in the first kind of log", attested()],
    ["an attestation in the second kind of log", attested({ log: "second" })],
    ["an attestation logged by the hash of what was signed", attested({ loggedAs: "hashedrekord" })],
    ["the same in the second kind of log", attested({ loggedAs: "hashedrekord", log: "second" })],
    ["a signature in the first kind of log", signFile(FILE)],
    ["a signature in the second kind of log", signFile(FILE, { log: "second" })],
    ["one that is also timestamped", signFile(FILE, { withTimestamp: true })],
    [
      "version 0.3 in its old spelling",
      attested({ mediaType: "application/vnd.dev.sigstore.bundle+json;version=0.3" }),
    ],
    ["version 0.2", attested({ mediaType: "application/vnd.dev.sigstore.bundle+json;version=0.2" })],
  ])("believes %s", async (_, bundle) => {
    const { signatures, findings } = await verify(bundle);
    expect(findings).toEqual([]);
    expect(signatures).toMatchObject([
      { integrity: "pass", trust: "valid-timestamped", signer: { commonName: `${SUBJECT} (${ISSUER})` } },
    ]);
    expect(signatures[0]).not.toHaveProperty("namedBy");
  });

  it("takes the signer as named only when subject and issuer are the same to the letter", async () => {
    const named = await verify(attested(), { identity: { subject: SUBJECT, issuer: ISSUER } });
    expect(named.signatures[0]?.namedBy).toBe(`--identity ${SUBJECT} --issuer ${ISSUER}`);
    expect(named.findings).toEqual([]);
    const others = [
      { subject: SUBJECT.replace("github.com", "github.co"), issuer: ISSUER },
      { subject: "https://github.com/example/product/.*", issuer: ISSUER },
      { subject: SUBJECT.slice(0, -1), issuer: ISSUER },
      { subject: SUBJECT.toUpperCase(), issuer: ISSUER },
      { subject: SUBJECT, issuer: `${ISSUER}/` },
      { subject: SUBJECT, issuer: "https://token" },
      { subject: "", issuer: ISSUER },
    ];
    for (const identity of others) {
      const { signatures, findings } = await verify(attested(), { identity });
      expect(signatures[0]).toMatchObject({ trust: "invalid-path" });
      expect(findings).toMatchObject([{ check: "integrity", outcome: "unknown" }]);
    }
  });

  it("names the repository as the organisation only where the issuer may speak for it", async () => {
    const [own] = (await verify(attested())).signatures;
    expect(own?.signer?.organisation).toBe("https://github.com/example/product");
    const foreign = issueKeyless({ issuer: "https://issuer.example" });
    const [other] = (await verify(attested({ signer: foreign }))).signatures;
    expect(other).toMatchObject({ trust: "valid-timestamped", signer: { organisation: undefined } });
  });

  it("does not believe provenance that names another source than the certificate", async () => {
    const predicate = (repository: string) => ({
      buildDefinition: {
        externalParameters: { workflow: { repository, ref: "refs/tags/v1.2.3", path: "x" } },
      },
    });
    const state = (repository: string) =>
      attest(statementOf(subjectOf(FILE), "https://slsa.dev/provenance/v1", predicate(repository)));
    const honest = await verify(state("https://github.com/example/product"));
    expect(honest.signatures[0]).toMatchObject({
      trust: "valid-timestamped",
      facts: { provenance: { repository: "https://github.com/example/product" } },
    });
    const forged = await verify(state("https://github.com/famous/product"));
    expect(forged.signatures[0]).toMatchObject({
      trust: "invalid-path",
      because: expect.stringMatching(/famous/),
    });
  });
});

describe("what a certificate must be", () => {
  it("refuses to believe one that is not for signing code, or an authority's own", async () => {
    const tls = issueKeyless({ purposes: ["1.3.6.1.5.5.7.3.1"] });
    expect((await verify(attested({ signer: tls }))).signatures[0]).toMatchObject({ trust: "invalid-path" });
    const authority = issueKeyless({ isAuthority: true });
    expect((await verify(attested({ signer: authority }))).signatures[0]?.trust).toBe("invalid-path");
  });

  it("refuses one that names nobody, two, or two issuers", async () => {
    const two = issueKeyless({
      extensions: [build("1", "x")],
    });
    expect((await verify(attested({ signer: two }))).signatures[0]).toMatchObject({ integrity: "fail" });
    const nobody = issueKeyless({ subjects: [] });
    expect((await verify(attested({ signer: nobody }))).signatures[0]).toMatchObject({ integrity: "fail" });
  });

  it("does not believe one that no certificate log has seen", async () => {
    const unseen = issueKeyless({ withoutTimestamp: true });
    expect((await verify(attested({ signer: unseen }))).signatures[0]).toMatchObject({
      trust: "invalid-path",
    });
  });

  it("does not believe a signature from outside the certificate's ten minutes", async () => {
    const late = attested({ at: new Date(SIGNED_AT.getTime() + 3_600_000) });
    expect((await verify(late)).signatures[0]).toMatchObject({ integrity: "pass", trust: "invalid-path" });
  });

  it("does not believe a time that is still to come", async () => {
    const early = await verify(attested(), {}, new Date("2026-01-01T00:00:00Z"));
    expect(early.signatures[0]).toMatchObject({ trust: "not-yet-valid" });
  });

  it("does not know an authority that is in no root", async () => {
    const { trustedRoot: _, ...without } = { trustedRoot: undefined };
    const context = verifyContext(
      { format: "data", trust: defaultTrust(), now: NOW },
      { signatures: [file(attested())], ...without },
    );
    const { signatures } = await sigstore.verify(sourceOf(FILE), context);
    expect(signatures[0]).toMatchObject({ integrity: "pass", trust: "unknown-root" });
  });
});

describe("bare keys", () => {
  const key = makeSigningKey("p-256");
  const pem = file(writePem("PUBLIC KEY", publicKeyInfoOf(key)), "cosign.pub");

  it("believes a key the person brought, with or without a log", async () => {
    for (const log of ["none", "first"] as const) {
      for (const bundle of [attested({ key, log }), signFile(FILE, { key, log })]) {
        const { signatures, findings } = await verify(bundle, { keys: [pem] });
        expect(findings).toEqual([]);
        expect(signatures).toMatchObject([
          { integrity: "pass", trust: "known-key", namedBy: "--key cosign.pub" },
        ]);
      }
    }
  });

  it("believes an Ed25519 key, which signs the file itself", async () => {
    const other = makeSigningKey("ed25519");
    const brought = file(writePem("PUBLIC KEY", publicKeyInfoOf(other)), "other.pub");
    const { signatures } = await verify(signFile(FILE, { key: other, log: "none" }), {
      keys: [pem, brought],
    });
    expect(signatures).toMatchObject([{ trust: "known-key", namedBy: "--key other.pub" }]);
  });

  it("does not know a key that nobody brought", async () => {
    const { signatures, findings } = await verify(attested({ key, hint: "elsewhere" }));
    expect(signatures).toMatchObject([{ integrity: "unknown", trust: "unknown-key" }]);
    expect(findings).toMatchObject([{ check: "integrity", outcome: "unknown" }]);
  });

  it("fails a signature that the brought key did not make", async () => {
    const other = makeSigningKey("p-256");
    const { signatures } = await verify(attested({ key: other, log: "none" }), { keys: [pem] });
    expect(signatures).toMatchObject([{ integrity: "fail", trust: "broken" }]);
  });
});

/** A bundle as cosign wrote it before there were any. */
function asCosign(bundle: JsonObject): Json {
  const material = member(bundle, "verificationMaterial");
  const [entry] = listMember(material, "tlogEntries") ?? [];
  const raw = textMember(member(material, "certificate"), "rawBytes") ?? "";
  const logId = textMember(member(entry, "logId"), "keyId") ?? "";
  return {
    base64Signature: memberAt(bundle, "messageSignature", "signature") ?? "",
    cert: Buffer.from(writePem("CERTIFICATE", Buffer.from(raw, "base64"))).toString("base64"),
    rekorBundle: {
      SignedEntryTimestamp: memberAt(entry, "inclusionPromise", "signedEntryTimestamp") ?? "",
      Payload: {
        body: member(entry, "canonicalizedBody") ?? "",
        integratedTime: Number(member(entry, "integratedTime")),
        logIndex: Number(member(entry, "logIndex")),
        logID: Buffer.from(logId, "base64").toString("hex"),
      },
    },
  };
}

describe("bare signatures", () => {
  const kinds = ["p-256", "p-384", "rsa-3072", "ed25519"] as const;
  it.each(kinds)(
    "of a key of kind %s are believed with the key, in base64 and some as they are",
    async (kind) => {
      const key = makeSigningKey(kind);
      const pem = file(writePem("PUBLIC KEY", publicKeyInfoOf(key)), "cosign.pub");
      const signature = sign(kind === "ed25519" ? null : "sha256", FILE, key.privateKey);
      const written = [
        Buffer.from(`${signature.toString("base64")}\n`),
        ...(kind.startsWith("p-") ? [signature] : []),
      ];
      for (const bytes of written) {
        const brought = { signatures: [{ name: "file.sig", source: sourceOf(bytes) }], keys: [pem] };
        expect(await sigstore.claims?.({ label: "", ...brought })).toHaveLength(2);
        const { signatures, findings } = await verify("", brought);
        expect(findings).toEqual([]);
        expect(signatures).toMatchObject([
          { integrity: "pass", trust: "known-key", namedBy: "--key cosign.pub" },
        ]);
        const changed = await sigstore.verify(
          sourceOf(Buffer.concat([FILE, FILE])),
          verifyContext({ format: "data", trust: defaultTrust() }, brought),
        );
        expect(changed.signatures).toMatchObject([{ integrity: "fail" }]);
      }
    },
  );

  it("are left to others without a key, and when they may be anything", async () => {
    const key = makeSigningKey("p-256");
    const pem = file(writePem("PUBLIC KEY", publicKeyInfoOf(key)), "cosign.pub");
    const signature = sign("sha256", FILE, key.privateKey).toString("base64");
    expect(await sigstore.claims?.({ label: "", signatures: [file(signature)], keys: [] })).toEqual([]);
    for (const noise of [
      "",
      "abcd",
      "untrusted comment: x",
      "-----BEGIN PGP SIGNATURE-----",
      "A".repeat(2000),
    ])
      expect(await sigstore.claims?.({ label: "", signatures: [file(noise)], keys: [pem] })).toEqual([]);
  });
});

describe("the files they come in", () => {
  it("reads what cosign wrote before there were bundles", async () => {
    const document = asCosign(signFile(FILE));
    expect(await sigstore.claims?.({ label: "", signatures: [file(document)], keys: [] })).toHaveLength(1);
    expect((await verify(document)).signatures).toMatchObject([
      { integrity: "pass", trust: "valid-timestamped" },
    ]);
    const other = await verify(asCosign(signFile(Buffer.from("other"))));
    expect(other.signatures).toMatchObject([{ integrity: "fail" }]);
  });

  const lists: [string, unknown][] = [
    ["a list of bundles", [attested(), signFile(FILE)]],
    ["one bundle on each line", [attested(), signFile(FILE)].map((one) => JSON.stringify(one)).join("\n")],
    ["GitHub's and npm's list", { attestations: [{ bundle: attested() }, { bundle: signFile(FILE) }] }],
    ["GitHub's result", [{ attestation: { bundle: attested() } }, { attestation: { bundle: attested() } }]],
  ];
  it.each(lists)("reads %s", async (_, document) => {
    expect(await sigstore.claims?.({ label: "", signatures: [file(document)], keys: [] })).toHaveLength(1);
    const { signatures } = await verify(document);
    expect(signatures.map(({ trust, position }) => [trust, position])).toEqual([
      ["valid-timestamped", 0],
      ["valid-timestamped", 1],
    ]);
  });

  it("takes from a list what is about this file, and fails when nothing is", async () => {
    const other = attest(statementOf(subjectOf(Buffer.from("other"))));
    const { signatures, findings } = await verify([other, attested(), signFile(Buffer.from("other"))]);
    expect(findings).toEqual([]);
    expect(signatures).toMatchObject([{ integrity: "pass", position: 0 }]);
    expect((await verify([other, other])).signatures.map(({ integrity }) => integrity)).toEqual([
      "fail",
      "fail",
    ]);
    // In another file than the list it was brought for itself.
    const both = await verify(attested(), { signatures: [file([attested()], "list"), file(other, "other")] });
    expect(both.signatures.map(({ integrity }) => integrity)).toEqual(["pass", "fail"]);
  });

  it.each([
    ["text", "just text"],
    ["other JSON", { name: "product", version: "1.0.0" }],
    ["an empty list", []],
    ["a list with something else in it", [attested(), {}]],
    ["nothing", ""],
  ])("leaves %s to others", async (_, document) => {
    expect(await sigstore.claims?.({ label: "", signatures: [file(document)], keys: [] })).toEqual([]);
    expect(await verify(document)).toEqual({ signatures: [], findings: [] });
  });
});
