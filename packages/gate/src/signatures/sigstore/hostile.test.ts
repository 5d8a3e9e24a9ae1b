/** What an attacker may try with a bundle, a statement or a log entry. */

import type { Json, JsonObject } from "@sallyport/core";
import { sourceOf, verifyContext } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { writePem } from "../../replica/certificate-authority.ts";
import { makeSigningKey, publicKeyInfoOf } from "../../replica/signing-key.ts";
import { defaultTrust } from "../../trust/default-trust.ts";
import { attest, signFile, statementOf, subjectOf } from "./bundles.fixture.ts";
import { change, entry, entryOf, FILE, file, flipBase64, OTHER, verify } from "./hostile.fixture.ts";
import { sigstore } from "./index.ts";
import { issueKeyless, SIGNED_AT, trustedRoot } from "./signing-service.fixture.ts";

describe("statements", () => {
  const stated = (subject: Json) => attest(statementOf(subject));

  it("fails one about another file", async () => {
    expect((await verify(stated(subjectOf(OTHER)))).signatures[0]).toMatchObject({ integrity: "fail" });
    expect((await verify(signFile(OTHER))).signatures[0]).toMatchObject({ integrity: "fail" });
  });

  it("wants every digest it offers to be the file's", async () => {
    const [subject] = subjectOf(FILE, "sha256", "sha512");
    const [other] = subjectOf(OTHER, "sha512");
    const digest = (of: Json | undefined) => (of as { digest: JsonObject }).digest;
    const mixed = [{ name: "x", digest: { ...digest(subject), ...digest(other) } }];
    expect((await verify(stated(mixed))).signatures[0]).toMatchObject({
      integrity: "fail",
      because: expect.stringMatching(/another file's sha512/),
    });
  });

  it("takes no SHA-1 for a proof, and an unknown digest neither for nor against", async () => {
    expect((await verify(stated(subjectOf(FILE, "sha1")))).signatures[0]).toMatchObject({
      integrity: "fail",
    });
    const [subject] = subjectOf(FILE);
    const more = [{ name: "x", digest: { ...(subject as { digest: JsonObject }).digest, gitCommit: "00" } }];
    expect((await verify(stated(more))).signatures[0]).toMatchObject({ trust: "valid-timestamped" });
  });

  it("finds the file among many subjects, in any case of hex", async () => {
    const [subject] = subjectOf(FILE);
    const { digest } = subject as { digest: { sha256: string } };
    const many = [...subjectOf(OTHER), { name: "x", digest: { sha256: digest.sha256.toUpperCase() } }];
    expect((await verify(stated(many))).signatures[0]).toMatchObject({ trust: "valid-timestamped" });
  });

  it.each<[string, Json]>([
    ["no subject", statementOf([])],
    ["no digest", statementOf([{ name: "x" }])],
    ["a digest that is a number", statementOf([{ name: "x", digest: { sha256: 1 } }])],
    ["no type", { ...statementOf(subjectOf(FILE)), _type: undefined } as unknown as Json],
    ["another type", { ...statementOf(subjectOf(FILE)), _type: "https://in-toto.io/Statement/v9" }],
    ["no predicate type", { ...statementOf(subjectOf(FILE)), predicateType: "" }],
    ["a list", []],
  ])("believes none with %s", async (_, statement) => {
    const { signatures, findings } = await verify(attest(statement));
    expect(signatures[0]?.integrity).not.toBe("pass");
    expect(findings).toHaveLength(1);
  });

  it("refuses one that names a member twice", async () => {
    const twice = change(attest(statementOf(subjectOf(FILE))), ["dsseEnvelope", "payload"], (old) => {
      const text = Buffer.from(String(old), "base64").toString();
      return Buffer.from(text.replace("{", '{"subject":[],')).toString("base64");
    });
    expect((await verify(twice)).signatures[0]).toMatchObject({
      integrity: "fail",
      because: expect.stringMatching(/twice/),
    });
  });

  it("refuses an envelope that is no statement", async () => {
    const bundle = change(
      attest(statementOf(subjectOf(FILE))),
      ["dsseEnvelope", "payloadType"],
      () => "text/plain",
    );
    expect((await verify(bundle)).signatures[0]?.integrity).toBe("unknown");
  });
});

describe("bundles", () => {
  const attested = attest(statementOf(subjectOf(FILE)));
  const signed = signFile(FILE);
  const second = signFile(FILE, { log: "second" });

  it.each<[string, JsonObject]>([
    ["a changed signature", change(attested, ["dsseEnvelope", "signatures", 0, "sig"], flipBase64)],
    ["a changed payload", change(attested, ["dsseEnvelope", "payload"], flipBase64)],
    ["a changed promise", change(attested, entry("inclusionPromise", "signedEntryTimestamp"), flipBase64)],
    ["another time", change(attested, entry("integratedTime"), () => String(SIGNED_AT.getTime() / 1000 + 1))],
    ["another index", change(attested, entry("logIndex"), () => "8")],
    ["a changed message signature", change(signed, ["messageSignature", "signature"], flipBase64)],
    ["a log entry of another signature", change(signed, entry(), () => entryOf(signFile(FILE)))],
    ["a log entry of another file", change(signed, entry(), () => entryOf(signFile(OTHER)))],
    ["a changed log entry", change(second, entry("canonicalizedBody"), flipBase64)],
    [
      "a changed checkpoint",
      change(second, entry("inclusionProof", "checkpoint", "envelope"), (old) =>
        String(old).replace("\n1\n", "\n2\n"),
      ),
    ],
    ["a proof for another state of the log", change(second, entry("inclusionProof", "rootHash"), flipBase64)],
    ["a proof for another size of the log", change(second, entry("inclusionProof", "treeSize"), () => "2")],
    ["two kinds of content", { ...attested, messageSignature: signed.messageSignature ?? null }],
    ["two kinds of signer", change(attested, ["verificationMaterial", "publicKey"], () => ({ hint: "x" }))],
  ])("fails one with %s", async (_, bundle) => {
    const { signatures, findings } = await verify(bundle);
    expect(signatures[0]).toMatchObject({ integrity: "fail", trust: "broken" });
    expect(findings).toMatchObject([{ check: "integrity", outcome: "fail" }]);
  });

  it.each<[string, JsonObject]>([
    ["no log entry", change(attested, ["verificationMaterial", "tlogEntries"], () => [])],
    [
      "no log entry and only a timestamp",
      attest(statementOf(subjectOf(FILE)), { log: "none", withTimestamp: true }),
    ],
    ["no proof of time", signFile(FILE, { log: "second", withTimestamp: false })],
    [
      "a time nobody promised",
      change(signFile(FILE, { log: "second", withTimestamp: false }), entry("integratedTime"), () =>
        String(SIGNED_AT.getTime() / 1000),
      ),
    ],
    ["a log that is not known", change(attested, entry("logId", "keyId"), flipBase64)],
    [
      "the same entry twice",
      change(attested, ["verificationMaterial", "tlogEntries"], (old) => [
        ...(old as Json[]),
        ...(old as Json[]),
      ]),
    ],
  ])("does not believe one with %s", async (_, bundle) => {
    const { signatures } = await verify(bundle);
    expect(["valid-timestamped", "valid-now", "known-key"]).not.toContain(signatures[0]?.trust);
  });

  it("does not take a log entry that was made for another certificate", async () => {
    const other = issueKeyless();
    const stolen = change(attested, ["verificationMaterial", "certificate", "rawBytes"], () =>
      other.certificate.toString("base64"),
    );
    expect((await verify(stolen)).signatures[0]).toMatchObject({ integrity: "fail" });
  });

  it("lets a bundle of an unknown version be unknown", async () => {
    const future = { ...attested, mediaType: "application/vnd.dev.sigstore.bundle.v0.9+json" };
    expect((await verify(future)).signatures[0]).toMatchObject({ integrity: "unknown" });
  });

  it.each<[string, Json]>([
    ["nothing else", { mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json" }],
    ["text for material", { ...attested, verificationMaterial: "x" }],
    ["numbers for entries", change(attested, ["verificationMaterial", "tlogEntries"], () => [1, null, "x"])],
    ["an entry that is no JSON", change(attested, entry("canonicalizedBody"), () => "e30x")],
    ["an entry without kind", change(attested, entry("kindVersion"), () => undefined)],
    [
      "a certificate that is none",
      change(attested, ["verificationMaterial", "certificate", "rawBytes"], () => "AAAA"),
    ],
    [
      "a checkpoint of noise",
      change(second, entry("inclusionProof", "checkpoint", "envelope"), () => "\n\n— \n"),
    ],
    [
      "a timestamp of noise",
      change(
        second,
        ["verificationMaterial", "timestampVerificationData", "rfc3161Timestamps", 0, "signedTimestamp"],
        () => "MAMCAQA=",
      ),
    ],
    [
      "a tree size of a million digits",
      change(second, entry("inclusionProof", "checkpoint", "envelope"), (old) =>
        String(old).replace("\n1\n", `\n${"9".repeat(1_000_000)}\n`),
      ),
    ],
    [
      "an index of a million digits",
      change(second, entry("inclusionProof", "logIndex"), () => "9".repeat(1_000_000)),
    ],
    [
      "a proof of a million hashes",
      change(second, entry("inclusionProof", "hashes"), () => Array(1_000_000).fill("AA==")),
    ],
    [
      "hundreds of entries",
      change(attested, ["verificationMaterial", "tlogEntries"], (old) => Array(500).fill((old as Json[])[0])),
    ],
  ])("survives one with %s", async (_, bundle) => {
    const { signatures } = await verify(bundle);
    expect(signatures[0]?.integrity === "pass" && signatures[0].trust === "valid-timestamped").toBe(false);
    expect(signatures).toHaveLength(1);
  });

  it("reads no more attestations than anybody sends", async () => {
    const { signatures, findings } = await verify(Array(65).fill(attested));
    expect(signatures).toEqual([]);
    expect(findings).toMatchObject([{ check: "integrity", outcome: "unknown" }]);
  });
});

describe("bare keys and logs", () => {
  const key = makeSigningKey("p-256");
  const pem = writePem("PUBLIC KEY", publicKeyInfoOf(key));
  const trust = async (bundle: JsonObject) => {
    const context = verifyContext(
      { format: "data", trust: defaultTrust(), now: new Date("2026-06-01T00:00:00Z") },
      { signatures: [file(bundle)], keys: [file(pem)], trustedRoot: file(trustedRoot()) },
    );
    const { signatures } = await sigstore.verify(sourceOf(FILE), context);
    return `${signatures[0]?.integrity} ${signatures[0]?.trust}`;
  };

  it("needs no proof of time, and still no false entry", async () => {
    for (const log of ["first", "second", "none"] as const)
      expect(await trust(signFile(FILE, { key, log, withTimestamp: false })), log).toBe("pass known-key");
    const bundle = signFile(FILE, { key, log: "second", withTimestamp: false });
    const others = [
      change(bundle, entry("canonicalizedBody"), flipBase64),
      change(bundle, entry("inclusionProof", "rootHash"), flipBase64),
      change(bundle, entry(), () => entryOf(signFile(FILE, { key: makeSigningKey("p-256"), log: "second" }))),
      change(bundle, entry(), () => entryOf(signFile(OTHER, { key, log: "second" }))),
    ];
    for (const other of others) expect(await trust(other)).toBe("fail broken");
    expect(await trust(change(bundle, entry("logId", "keyId"), flipBase64))).toBe("pass known-key");
  });
});
