import {
  createCleartextMessage,
  createMessage,
  enums,
  generateKey,
  readKey,
  readPrivateKey,
  sign,
} from "openpgp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GpgHome, hasGpg, NO_GPG } from "../../openpgp/gpg.fixture.ts";
import { file, verifyBytes } from "./verifying.fixture.ts";

/** Dashes, spaces at line ends, lines of nothing, and words that look like a part of the frame. */
const TEXT = [
  "- a list",
  "-- ",
  "-----BEGIN PGP SIGNATURE-----",
  "trailing spaces  \t",
  "",
  "",
  "From somebody",
  "Hash: SHA1",
  "ünïcode",
  "",
].join("\n");
const NOW = new Date("2026-06-01T00:00:00Z");

describe.skipIf(!hasGpg())(`what GnuPG signs (or ${NO_GPG})`, () => {
  let home: GpgHome;
  beforeAll(() => {
    home = new GpgHome();
  });
  afterAll(() => home.close());

  it("as clear text, with line ends of Unix and of Windows", async () => {
    const by = home.generate("Clear <clear@example.com>", { algorithm: "rsa2048", time: "20250101T000000" });
    const keys = [file("key.asc", home.run(["--armor", "--export", by]))];
    const signed = home.sign(TEXT, { by, kind: "--clear-sign", time: "20250201T000000" });
    const windows = Buffer.from(signed.toString("latin1").replaceAll("\n", "\r\n"), "latin1");
    for (const bytes of [signed, windows])
      expect(await verifyBytes(bytes, { format: "clear-signed", keys, now: NOW })).toMatchObject({
        findings: [],
        signatures: [{ trust: "known-key", signer: { commonName: "Clear" } }],
      });
  });

  it("beside a file, by several keys at once", async () => {
    const [one, two] = ["One <one@example.com>", "Two <two@example.com>"].map((name) =>
      home.generate(name, { time: "20250101T000000" }),
    );
    const keys = [file("all.gpg", home.run(["--export"]))];
    const signature = home.sign(TEXT, {
      by: one ?? "",
      more: ["--armor", "--local-user", two ?? ""],
      time: "20250201T000000",
    });
    const { signatures, findings } = await verifyBytes(Buffer.from(TEXT), {
      signatures: [file("both.asc", signature)],
      keys,
      now: NOW,
    });
    expect(findings).toEqual([]);
    expect(signatures.map(({ signer }) => signer?.commonName).toSorted()).toEqual(["One", "Two"]);
  });
});

describe("what OpenPGP.js signs", () => {
  it.each([
    ["version 6, Ed25519", { type: "curve25519", config: { v6Keys: true } }],
    ["version 6, Ed448", { type: "curve448", config: { v6Keys: true } }],
    ["version 4, EdDSA of the old kind", { type: "ecc" }],
    ["version 4, P-384", { type: "ecc", curve: "nistP384" }],
    ["version 4, RSA", { type: "rsa", rsaBits: 2048 }],
  ] as const)("with a key of %s", { timeout: 60_000 }, async (_, kind) => {
    const date = new Date("2025-01-01T00:00:00Z");
    const made = await generateKey({
      userIDs: [{ name: "Script", email: "script@example.com" }],
      subkeys: [{ sign: true }],
      format: "armored",
      date,
      ...kind,
    });
    const signingKeys = await readPrivateKey({ armoredKey: made.privateKey });
    expect((await readKey({ armoredKey: made.publicKey })).isPrivate()).toBe(false);
    const keys = [file("key.asc", made.publicKey)];
    const at = new Date("2025-02-01T00:00:00Z");
    const known = { findings: [], signatures: [{ trust: "known-key", signer: { commonName: "Script" } }] };
    const clear = await sign({
      message: await createCleartextMessage({ text: TEXT }),
      signingKeys,
      date: at,
    });
    expect(await verifyBytes(Buffer.from(clear), { format: "clear-signed", keys, now: NOW })).toMatchObject(
      known,
    );
    const binary = Buffer.from(TEXT);
    for (const preferredHashAlgorithm of [enums.hash.sha256, enums.hash.sha3_512]) {
      const signature = await sign({
        message: await createMessage({ binary }),
        signingKeys,
        detached: true,
        date: at,
        config: { preferredHashAlgorithm },
      });
      const signatures = [file("file.asc", signature)];
      expect(await verifyBytes(binary, { signatures, keys, now: NOW })).toMatchObject(known);
      expect(await verifyBytes(binary.subarray(1), { signatures, keys, now: NOW })).toMatchObject({
        findings: [{ check: "integrity", outcome: "fail" }],
      });
    }
  });
});
