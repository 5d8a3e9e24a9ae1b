import { createHash, generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { readAll } from "../../witnesses/read.fixture.ts";
import { buildTar } from "../../witnesses/tar.fixture.ts";
import { trustedKeys } from "./index.ts";
import { pgpKey, publicKey, sample } from "./sample.fixture.ts";

describe("trusted-keys", () => {
  it("keeps each key of a text as it stands there", async () => {
    const key = publicKey();
    const { facts } = await readAll(trustedKeys, {
      "keys.pem": `about\n${key.replaceAll("\n", "\r\n")}\n${pgpKey}`,
    });
    expect(facts).toEqual([
      {
        kind: "trust",
        form: "public-key",
        name: "ed25519 key",
        sha256: createHash("sha256").update(key).digest("hex"),
        text: key,
        purposes: [],
      },
      expect.objectContaining({ form: "public-key", name: "OpenPGP key", text: pgpKey }),
    ]);
  });

  it("reads the keys of an archive", async () => {
    const tar = buildTar({ "a/one.pem": publicKey(), "a/readme.md": pgpKey, "a/two.asc": pgpKey });
    expect((await readAll(trustedKeys, { "keys.tar": tar })).facts).toHaveLength(2);
  });

  it("recognises armour, and nothing else", () => {
    expect(trustedKeys.recognises?.("x", sample["keys.pem"] ?? Buffer.alloc(0))).toBe(true);
    expect(trustedKeys.recognises?.("x", Buffer.from("-----BEGIN CERTIFICATE REQUEST-----"))).toBe(false);
  });
});

describe("trusted-keys, with hostile files", () => {
  const privateKey = generateKeyPairSync("ed25519")
    .privateKey.export({ type: "pkcs8", format: "pem" })
    .toString();
  it.each<[string, string, RegExp]>([
    ["nothing", "", /holds no key/],
    ["a private key", privateKey, /keys\.pem:2: is a private key/],
    [
      "a certificate that is none",
      "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
      /:2: is no certificate/,
    ],
    ["a block without an end", publicKey().slice(0, 60), /:2: a PUBLIC KEY has no end/],
    ["a block without a name", "-----BEGIN -----", /without a name/],
    ["another kind", "-----BEGIN X509 CRL-----\n-----END X509 CRL-----", /a X509 CRL is no key/],
  ])("takes nothing of one with %s", async (_, text, message) => {
    await expect(readAll(trustedKeys, { "keys.pem": `\n${text}` })).rejects.toMatchObject({
      code: expect.stringMatching(/^feed\./),
      message: expect.stringMatching(message),
    });
  });

  it("reads what begins without end in no time", async () => {
    for (const text of [
      "-----BEGIN A-----\n".repeat(100_000),
      "-----BEGIN ".repeat(100_000),
      "\n".repeat(1_000_000),
    ])
      await expect(readAll(trustedKeys, { "k.pem": text })).rejects.toMatchObject({
        code: expect.stringMatching(/^feed\./),
      });
  });
});
