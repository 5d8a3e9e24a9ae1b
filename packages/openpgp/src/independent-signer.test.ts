import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readCertificates } from "./certificate.ts";
import { GpgHome, hasGpg, NO_GPG } from "./gpg.fixture.ts";
import { readSignatures } from "./signature.ts";
import { type Verdict, verifySignatures } from "./verify.ts";

const DOCUMENT = Buffer.from("a line of text \nand another\r\nwithout an end\t");
const NOW = new Date("2026-06-01T00:00:00Z");

async function verify(signature: Buffer, key: Buffer, document: Buffer = DOCUMENT): Promise<Verdict[]> {
  const certificates = readCertificates([{ name: "key.asc", bytes: key }]);
  return verifySignatures(readSignatures(signature), piecesOf(document), certificates, { now: NOW });
}

async function* piecesOf(bytes: Buffer, sizeBytes = 5): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += sizeBytes) yield bytes.subarray(at, at + sizeBytes);
}

describe.skipIf(!hasGpg())(`OpenPGP against GnuPG (or ${NO_GPG})`, () => {
  let home: GpgHome;
  beforeAll(() => {
    home = new GpgHome();
  });
  afterAll(() => home.close());

  it.each([
    "rsa2048",
    "rsa3072",
    "dsa2048",
    "ed25519",
    "nistp256",
    "nistp384",
    "nistp521",
    "brainpoolP256r1",
    "brainpoolP384r1",
    "brainpoolP512r1",
    "secp256k1",
  ])("verifies what a %s key signed, and nothing else", async (algorithm) => {
    const key = home.generate(`Signer ${algorithm} <signer@example.com>`, {
      algorithm,
      time: "20240101T000000",
    });
    const certificate = home.export(key);
    for (const more of [[], ["--armor"], ["--textmode"], ["--digest-algo", "SHA512"]]) {
      const signature = home.sign(DOCUMENT, { by: key, more, time: "20240201T000000" });
      expect(await verify(signature, certificate)).toMatchObject([
        { outcome: "valid", userId: `Signer ${algorithm} <signer@example.com>` },
      ]);
      const other = Buffer.from(DOCUMENT);
      other[3] = 0x41;
      expect(await verify(signature, certificate, other)).toMatchObject([{ outcome: "wrong" }]);
    }
  });

  it("converts line ends of text signatures only", async () => {
    const key = home.generate("Text <text@example.com>", { time: "20240101T000000" });
    const windows = Buffer.from("one\r\ntwo\r\n\r\n");
    const unix = Buffer.from("one\ntwo\n\n");
    const text = home.sign(unix, { by: key, more: ["--textmode"], time: "20240201T000000" });
    expect(await verify(text, home.export(key), windows)).toMatchObject([{ outcome: "valid" }]);
    const binary = home.sign(unix, { by: key, time: "20240201T000000" });
    expect(await verify(binary, home.export(key), windows)).toMatchObject([{ outcome: "wrong" }]);
  });

  it("says of each of several signatures what it is worth", async () => {
    const known = home.generate("Known <known@example.com>", { time: "20240101T000000" });
    const other = home.generate("Other <other@example.com>", {
      algorithm: "rsa2048",
      time: "20240101T000000",
    });
    const both = home.sign(DOCUMENT, { by: known, more: ["--local-user", other], time: "20240201T000000" });
    const outcomes = (await verify(both, home.export(known))).map(({ outcome }) => outcome);
    expect(outcomes.toSorted()).toEqual(["unknown-key", "valid"]);
  });

  it("judges expiry at the time of the signature", async () => {
    const key = home.generate("Short <short@example.com>", {
      expires: "2024-06-01",
      time: "20240101T000000",
    });
    const certificate = home.export(key);
    const inTime = home.sign(DOCUMENT, { by: key, time: "20240301T000000" });
    expect(await verify(inTime, certificate)).toMatchObject([
      { outcome: "valid", because: expect.stringContaining("the key has expired since") },
    ]);
    home.run(["--quick-set-expire", key, "2025-01-01"], { time: "20240302T000000" });
    const late = home.sign(DOCUMENT, { by: key, time: "20240901T000000" });
    expect(await verify(late, certificate)).toMatchObject([{ outcome: "not-allowed", problem: "expired" }]);
    // The renewed certificate says otherwise.
    expect(await verify(late, home.export(key))).toMatchObject([{ outcome: "valid" }]);
  });

  it("honours the expiry of a signature, and doubts one from the future", async () => {
    const key = home.generate("Times <times@example.com>", { time: "20240101T000000" });
    const ending = home.sign(DOCUMENT, {
      by: key,
      more: ["--default-sig-expire", "10d"],
      time: "20240201T000000",
    });
    expect(await verify(ending, home.export(key))).toMatchObject([{ problem: "expired" }]);
    const future = home.sign(DOCUMENT, { by: key, time: "20300101T000000" });
    expect(await verify(future, home.export(key))).toMatchObject([{ problem: "not-yet-valid" }]);
  });

  it("accepts a signing subkey until its end, or until it was retired", async () => {
    const key = home.generate("Sub <sub@example.com>", { usage: "cert", time: "20240101T000000" });
    home.run(["--quick-add-key", key, "ed25519", "sign", "2024-06-01"], { time: "20240102T000000" });
    const before = home.sign(DOCUMENT, { by: key, time: "20240301T000000" });
    const certificate = home.export(key);
    expect(await verify(before, certificate)).toMatchObject([
      {
        outcome: "valid",
        userId: "Sub <sub@example.com>",
        because: expect.not.stringContaining("expired since"),
      },
    ]);
    home.run(["--quick-set-expire", key, "2025-01-01", "*"], { time: "20240302T000000" });
    const late = home.sign(DOCUMENT, { by: key, time: "20240901T000000" });
    expect(await verify(late, certificate)).toMatchObject([
      { problem: "expired", because: expect.stringContaining("the subkey had expired") },
    ]);
    home.run(["--no-batch", "--command-fd", "0", "--edit-key", key], {
      input: "key 1\nrevkey\ny\n3\n\ny\nsave\n",
      time: "20240601T000000",
    });
    const outcomes = [before, late].map(async (one) => (await verify(one, home.export(key)))[0]?.outcome);
    expect(await Promise.all(outcomes)).toEqual(["valid", "not-allowed"]);
  });

  it("does not accept a signature of a key that may only certify", async () => {
    const key = home.generate("Only certifies <c@example.com>", {
      usage: "sign,cert",
      time: "20240101T000000",
    });
    const signature = home.sign(DOCUMENT, { by: key, time: "20240301T000000" });
    home.run(["--command-fd", "0", "--edit-key", key], {
      input: "change-usage\nS\nQ\nsave\n",
      time: "20240201T000000",
    });
    expect(await verify(signature, home.export(key))).toMatchObject([
      {
        outcome: "not-allowed",
        problem: "invalid-key",
        because: expect.stringContaining("not meant for signing"),
      },
    ]);
  });

  it("counts a retired key until its retirement, and a stolen one never", async () => {
    for (const [reason, outcomes] of [
      ["3", ["valid", "not-allowed"]],
      ["1", ["not-allowed", "not-allowed"]],
      ["0", ["not-allowed", "not-allowed"]],
    ] as const) {
      const key = home.generate(`Revoked ${reason} <r${reason}@example.com>`, { time: "20240101T000000" });
      const early = home.sign(DOCUMENT, { by: key, time: "20240201T000000" });
      const late = home.sign(DOCUMENT, { by: key, time: "20240501T000000" });
      const revocation = home.run(["--no-batch", "--command-fd", "0", "--gen-revoke", key], {
        input: `y\n${reason}\n\ny\n`,
        time: "20240401T000000",
      });
      const certificate = home.export(key);
      expect(await verify(early, certificate)).toMatchObject([{ outcome: "valid" }]);
      home.run(["--import"], { input: revocation, time: "20240402T000000" });
      const revoked = home.export(key);
      const seen = [...(await verify(early, revoked)), ...(await verify(late, revoked))];
      expect(
        seen.map(({ outcome }) => outcome),
        `reason ${reason}`,
      ).toEqual(outcomes);
      // An older copy beside it hides nothing, nor does the revocation have to be in the key's own file.
      const both = readCertificates([
        { name: "old.gpg", bytes: certificate },
        { name: "revocation.asc", bytes: revocation },
      ]);
      const [verdict] = await verifySignatures(readSignatures(late), piecesOf(DOCUMENT), both, { now: NOW });
      expect(verdict).toMatchObject({ outcome: "not-allowed", problem: "revoked" });
    }
  });

  it("marks digests that can be forged, and small keys", async () => {
    const key = home.generate("Weak <weak@example.com>", { algorithm: "rsa1024", time: "20240101T000000" });
    const signature = home.sign(DOCUMENT, {
      by: key,
      more: ["--digest-algo", "SHA1"],
      time: "20240201T000000",
    });
    expect(await verify(signature, home.export(key))).toMatchObject([
      { outcome: "not-allowed", problem: "invalid-key", isWeakDigest: true, digestAlgorithm: "sha1" },
    ]);
    // A small primary key can be broken, and vouches then for whatever subkey.
    home.run(["--quick-add-key", key, "ed25519", "sign", "never"], { time: "20240102T000000" });
    const bySubkey = home.sign(DOCUMENT, { by: key, time: "20240201T000000" });
    expect(await verify(bySubkey, home.export(key))).toMatchObject([
      { outcome: "not-allowed", because: expect.stringMatching(/primary key.*1024 bits/) },
    ]);
  });
});
