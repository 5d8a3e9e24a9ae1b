import { createHash } from "node:crypto";
import {
  armour,
  certificateOf,
  clearSign,
  makeKey,
  packet,
  signBytes,
} from "@sallyport/openpgp/signing.fixture";
import { describe, expect, it } from "vitest";
import { openpgp } from "./index.ts";
import { file, verifyBytes } from "./verifying.fixture.ts";

const DOCUMENT = Buffer.from("a harmless line of text\n".repeat(20));
const key = makeKey();
const keys = [file("key.gpg", certificateOf(key))];
const detached = (by = key, document = DOCUMENT) => file("file.sig", packet(2, signBytes(by, document)));

describe("a detached signature", () => {
  it("counts for the key the person gave, whose user id names it", async () => {
    const { signatures, findings } = await verifyBytes(DOCUMENT, { signatures: [detached()], keys });
    expect(findings).toEqual([]);
    expect(signatures).toMatchObject([
      {
        scheme: "openpgp",
        integrity: "pass",
        trust: "known-key",
        namedBy: "--key key.gpg",
        digestAlgorithm: "sha512",
        signer: {
          subject: "Somebody <somebody@example.com>",
          commonName: "Somebody",
          issuer: "",
          serial: key.fingerprint.toString("hex"),
        },
      },
    ]);
  });

  it("beside others: all are reported, and the worst decides", async () => {
    const changed = detached(key, Buffer.from("other"));
    const stranger = detached(makeKey());
    const { signatures, findings } = await verifyBytes(DOCUMENT, {
      signatures: [detached(), changed, stranger],
      keys,
    });
    expect(signatures.map(({ integrity, trust }) => [integrity, trust])).toEqual([
      ["pass", "known-key"],
      ["fail", "broken"],
      ["unknown", "unknown-key"],
    ]);
    expect(findings.map(({ check, outcome }) => [check, outcome])).toEqual([
      ["integrity", "fail"],
      ["integrity", "unknown"],
    ]);
  });

  it("that cannot be read is broken, and one of an unknown version is unknown", async () => {
    const cut = file("file.sig", packet(2, signBytes(key, DOCUMENT).subarray(0, 30)));
    expect(await verifyBytes(DOCUMENT, { signatures: [cut], keys })).toMatchObject({
      signatures: [{ integrity: "fail", trust: "broken" }],
      findings: [{ check: "integrity", outcome: "fail" }],
    });
    const body = signBytes(key, DOCUMENT);
    body[0] = 5;
    expect(
      await verifyBytes(DOCUMENT, { signatures: [file("v5.sig", packet(2, body))], keys }),
    ).toMatchObject({
      signatures: [{ integrity: "unknown" }],
      findings: [{ check: "integrity", outcome: "unknown" }],
    });
  });

  it("by a key that cannot be read is unknown, and the key is named", async () => {
    const broken = file("broken.gpg", certificateOf(key).subarray(0, 60));
    const { findings } = await verifyBytes(DOCUMENT, { signatures: [detached()], keys: [broken] });
    expect(findings).toMatchObject([
      { outcome: "unknown", because: expect.stringMatching(/broken\.gpg cannot be read/) },
      { outcome: "unknown", because: expect.stringMatching(/nobody here knows the key/) },
    ]);
    const old = file("old.gpg", packet(6, Buffer.concat([Buffer.from([3]), Buffer.alloc(20)])));
    expect(
      (await verifyBytes(DOCUMENT, { signatures: [detached()], keys: [...keys, old] })).findings,
    ).toMatchObject([
      { outcome: "unknown", because: expect.stringMatching(/old\.gpg cannot be read.*no key of a version/) },
    ]);
  });

  it("names its signer in letters that draw nothing on the screen", async () => {
    const odd = file("odd.gpg", certificateOf(key, "Trusted\u202e\u001b[2J <x@example.com>"));
    const { signatures } = await verifyBytes(DOCUMENT, { signatures: [detached()], keys: [odd] });
    expect(signatures[0]?.signer?.subject).toBe("Trusted\ufffd\ufffd[2J <x@example.com>");
  });
});

describe("what the scheme claims", () => {
  const noise = file("noise.asc", "a harmless line of text");
  const clear = file("InRelease", clearSign(key, "Suite: x\n"));
  const armoured = file("file.asc", armour("SIGNATURE", packet(2, signBytes(key, DOCUMENT))));
  const block = file("key.asc", `some words\n${armour("PUBLIC KEY BLOCK", certificateOf(key))}`);

  it("is told by content", async () => {
    const brought = {
      label: "",
      signatures: [noise, detached(), clear, armoured],
      keys: [noise, block, ...keys],
    };
    const claimed = (await openpgp.claims?.(brought)) ?? [];
    expect(claimed.map(({ name }) => name)).toEqual([
      "file.sig",
      "file.asc",
      "InRelease",
      "key.asc",
      "key.gpg",
    ]);
  });

  it("leaves the signature of a plain release to apt", async () => {
    const brought = { label: "", signatures: [armoured], keys: [] };
    const release = file("Release", "Suite: x\n");
    expect(await openpgp.claims?.({ ...brought, release })).toEqual([]);
    expect(await openpgp.claims?.({ ...brought, release: clear })).toEqual([armoured]);
  });
});

describe("a signed list of digests", () => {
  const digest = createHash("sha256").update(DOCUMENT).digest("hex");
  const list = (text: string) => file("SHA256SUMS.asc", clearSign(key, text));
  const verifyWith = (text: string, label = "file.txt") =>
    verifyBytes(DOCUMENT, { signatures: [list(text)], keys, label });
  const other = "0".repeat(64);

  it.each([
    ["of coreutils", `${other}  other.txt\n${digest}  file.txt\n`],
    ["of BSD", `# a comment\nSHA256 (file.txt) = ${digest}\n`],
    [
      "of Debian",
      `Format: 3.0 (quilt)\nSource: demo\nChecksums-Sha256:\n ${digest} ${DOCUMENT.length} file.txt\nFiles:\n x\n`,
    ],
  ])("%s vouches for the files in it", async (_, text) => {
    expect(await verifyWith(text)).toMatchObject({
      findings: [],
      signatures: [{ integrity: "pass", trust: "known-key", facts: { listedAs: "file.txt" } }],
    });
  });

  it.each([
    ["without the file", `${other}  file.txt\n`, /does not have the file|other bytes/],
    [
      "with other bytes under its name",
      `${other}  file.txt\n${digest}  old.txt\n`,
      /other bytes under the name/,
    ],
    [
      "that is an advisory with digests in it",
      `Beware of this file:\n${digest}  file.txt\n`,
      /no list of digests/,
    ],
    ["of weak digests", `${"0".repeat(32)}  file.txt\n`, /can be forged/],
  ])("%s vouches for nothing", async (_, text, because) => {
    expect(await verifyWith(text)).toMatchObject({
      findings: [{ check: "integrity", outcome: "fail", because: expect.stringMatching(because) }],
      signatures: [{ integrity: "fail", trust: "broken" }],
    });
  });

  it("may have its signature beside it, and then counts by that alone", async () => {
    const text = `${other}  other.txt\n${digest}  file.txt\n`;
    const sums = file("SHA256SUMS", text);
    const verifyBoth = (list: typeof sums, by = key, over = text) =>
      verifyBytes(DOCUMENT, { signatures: [list, detached(by, Buffer.from(over))], keys, label: "file.txt" });
    expect(await verifyBoth(sums)).toMatchObject({
      findings: [],
      signatures: [{ trust: "known-key", facts: { over: "SHA256SUMS", listedAs: "file.txt" } }],
    });
    const failed = {
      findings: expect.arrayContaining([expect.objectContaining({ outcome: "fail" })]),
      signatures: [{ integrity: "fail", trust: "broken" }],
    };
    expect(await verifyBoth(sums, key, `${text}${other}  more.txt\n`)).toMatchObject(failed);
    const without = `${other}  file.txt\n`;
    expect(await verifyBoth(file("SHA256SUMS", without), key, without)).toMatchObject(failed);
    expect(await verifyBoth(sums, makeKey())).toMatchObject({ signatures: [{ integrity: "unknown" }] });
    // A list without a signature is nobody's.
    expect(await openpgp.claims?.({ label: "", signatures: [sums], keys: [] })).toEqual([]);
    expect(await openpgp.claims?.({ label: "", signatures: [sums, detached()], keys: [] })).toHaveLength(2);
  });

  it.each(["SETUP.EXE", "setup (1).exe", "setup.exe.", "\uff53etup.exe"])(
    "does not vouch for another of its files under the name %s",
    async (label) => {
      const text = `${other}  setup.exe\n${digest}  old.exe\n`;
      expect(await verifyWith(text, label)).toMatchObject({
        findings: [{ outcome: "fail", because: expect.stringMatching(/other bytes under the name/) }],
      });
      expect(await verifyWith(text, "Old (2).exe")).toMatchObject({ findings: [] });
      expect(await verifyWith(text, "renamed.exe")).toMatchObject({ findings: [] });
    },
  );

  it("that no signature is over is not passed over in silence", async () => {
    const sums = file("SHA256SUMS", `${other}  file.txt\n`);
    expect(await verifyBytes(DOCUMENT, { signatures: [detached(), sums], keys })).toMatchObject({
      signatures: [{ integrity: "pass" }],
      findings: [
        { check: "integrity", outcome: "unknown", because: expect.stringMatching(/SHA256SUMS was brought/) },
      ],
    });
  });

  it("with lines around it that nobody signed is wrong", async () => {
    const bytes = Buffer.concat([
      Buffer.from(`${digest}  file.txt\n`),
      clearSign(key, `${digest}  file.txt\n`),
    ]);
    const { findings } = await verifyBytes(DOCUMENT, { signatures: [file("SHA256SUMS", bytes)], keys });
    expect(findings).toMatchObject([{ outcome: "fail", because: expect.stringMatching(/nobody signed/) }]);
  });
});

describe("a clear-signed text", () => {
  const text = clearSign(key, "a harmless line\n\nand another\n");

  it("counts for the key the person gave, and is unknown without it", async () => {
    expect(await verifyBytes(text, { format: "clear-signed", keys })).toMatchObject({
      findings: [],
      signatures: [{ integrity: "pass", trust: "known-key" }],
    });
    expect(await verifyBytes(text, { format: "clear-signed" })).toMatchObject({
      findings: [{ outcome: "unknown" }],
      signatures: [{ integrity: "unknown", trust: "unknown-key" }],
    });
  });

  it("with any letter of its text changed is broken", async () => {
    const start = text.indexOf("a harmless");
    const end = text.indexOf("-----BEGIN PGP SIGNATURE");
    for (let at = start; at < end - 1; at += 1) {
      const changed = Buffer.from(text);
      changed[at] = 0x58;
      const { findings } = await verifyBytes(changed, { format: "clear-signed", keys });
      expect(findings, `octet ${at}`).toMatchObject([{ check: "integrity", outcome: "fail" }]);
    }
  });

  it("cut off anywhere is broken", async () => {
    for (let length = 0; length < text.length - 1; length += 1) {
      const { signatures, findings } = await verifyBytes(text.subarray(0, length), {
        format: "clear-signed",
        keys,
      });
      expect(findings, `${length} bytes`).toMatchObject([{ outcome: "fail" }]);
      expect(signatures.every(({ integrity }) => integrity === "fail")).toBe(true);
    }
  });
});
