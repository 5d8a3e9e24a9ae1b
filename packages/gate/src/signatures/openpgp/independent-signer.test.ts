import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GpgHome, hasGpg, NO_GPG } from "@sallyport/openpgp/gpg.fixture";
import { debianProgram, hasApt, NO_APT } from "@sallyport/testkit";
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

describe.skipIf(!hasApt())(`what Sequoia signs (or ${NO_APT})`, () => {
  it("beside a file and as clear text, until the key is revoked", { timeout: 120_000 }, async () => {
    const { path, env } = await debianProgram("sq", {
      file: "usr/bin/sq",
      needs: ["libbz2-1.0", "libnettle8", "libhogweed6", "libgmp10", "libsqlite3-0", "libssl3"],
    });
    const folder = mkdtempSync(join(tmpdir(), "sq-"));
    try {
      const run = (...args: string[]) => execFileSync(path, args, { cwd: folder, env, stdio: "pipe" });
      run("key", "generate", "--userid", "Sequoia <sq@example.com>", "--export", "key.pgp");
      const keys = [file("key.asc", run("key", "extract-cert", "key.pgp"))];
      writeFileSync(join(folder, "file"), TEXT);
      const signed = run("sign", "--signer-key", "key.pgp", "--cleartext-signature", "file");
      const signatures = [file("file.asc", run("sign", "--signer-key", "key.pgp", "--detached", "file"))];
      const now = new Date(Date.now() + 60_000);
      const known = { findings: [], signatures: [{ trust: "known-key", signer: { commonName: "Sequoia" } }] };
      expect(await verifyBytes(signed, { format: "clear-signed", keys, now })).toMatchObject(known);
      expect(await verifyBytes(Buffer.from(TEXT), { signatures, keys, now })).toMatchObject(known);
      const revocation = file("key.pgp.rev", readFileSync(join(folder, "key.pgp.rev")));
      for (const both of [
        [...keys, revocation],
        [revocation, ...keys],
      ])
        expect(await verifyBytes(Buffer.from(TEXT), { signatures, keys: both, now })).toMatchObject({
          signatures: [{ integrity: "pass", trust: "revoked" }],
        });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
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
