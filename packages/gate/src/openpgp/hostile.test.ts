import { describe, expect, it } from "vitest";
import { readArmour } from "./armour.ts";
import { readCertificates } from "./certificate.ts";
import { readPackets } from "./packet.ts";
import { readSignatures } from "./signature.ts";
import {
  armour,
  certificateOf,
  FIXTURE_TIME,
  flags,
  makeKey,
  number,
  packet,
  seconds,
  signBytes,
  subkeyOf,
  subpacket,
} from "./signing.fixture.ts";
import { SUBPACKET } from "./subpacket.ts";
import { type Verdict, verifySignature } from "./verify.ts";

const DOCUMENT = Buffer.from("a harmless line of text\n");
const NOW = new Date("2026-06-01T00:00:00Z");
const LATER = new Date("2024-06-01T00:00:00Z");
const DAY = 86_400;

async function verify(signature: Buffer, ...keys: Buffer[]): Promise<Verdict> {
  const [first] = readSignatures(packet(2, signature));
  if (first === undefined) throw new TypeError("the fixture is a signature");
  const document = (async function* () {
    yield DOCUMENT;
  })();
  const files = keys.map((bytes, index) => ({ name: `key${index}.gpg`, bytes }));
  return verifySignature(first, document, readCertificates(files), { now: NOW });
}

const codeOf = (act: () => unknown): unknown => {
  try {
    act();
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
  return undefined;
};

describe.each([4, 6] as const)("a signature of version %i", (version) => {
  const key = makeKey(version);
  const certificate = certificateOf(key);

  it("is valid, by the key itself or a subkey that signed back", async () => {
    expect(await verify(signBytes(key, DOCUMENT), certificate)).toMatchObject({ outcome: "valid" });
    const subkey = makeKey(version);
    const whole = Buffer.concat([certificate, subkeyOf(key, subkey)]);
    expect(await verify(signBytes(subkey, DOCUMENT, { at: LATER }), whole)).toMatchObject({
      outcome: "valid",
      userId: "Somebody <somebody@example.com>",
    });
  });

  it("by a subkey counts only with a binding of the primary key and a back-signature", async () => {
    const subkey = makeKey(version);
    const stranger = makeKey(version);
    const cases: [Buffer, RegExp][] = [
      [packet(14, subkey.body), /does not vouch for the subkey/],
      [subkeyOf(key, subkey, { by: stranger }), /does not vouch for the subkey/],
      [subkeyOf(key, subkey, { withBack: false }), /does not say that it belongs/],
      [subkeyOf(key, subkey, { options: { hashed: [flags(12)] } }), /not meant for signing/],
      [subkeyOf(key, subkey, { options: { hashed: [] } }), /not meant for signing/],
    ];
    for (const [more, because] of cases) {
      const verdict = await verify(
        signBytes(subkey, DOCUMENT, { at: LATER }),
        Buffer.concat([certificate, more]),
      );
      expect(verdict).toMatchObject({
        outcome: "not-allowed",
        problem: "invalid-key",
        because: expect.stringMatching(because),
      });
      // The name of the primary key must not stand on a stranger's work.
      if (!/meant/.test(because.source)) expect(verdict.userId).toBeUndefined();
    }
  });

  it("by somebody else's subkey is not the thief's", async () => {
    const owner = makeKey(version);
    const subkey = makeKey(version);
    const thief = makeKey(version);
    const back = signBytes(subkey, Buffer.concat([owner.hashed, subkey.hashed]), { type: 0x19 });
    const hashed = [flags(2), subpacket(SUBPACKET.embeddedSignature, back)];
    const stolen = Buffer.concat([
      certificateOf(thief, "Thief <thief@example.com>"),
      subkeyOf(thief, subkey, { options: { hashed } }),
    ]);
    const verdict = await verify(signBytes(subkey, DOCUMENT, { at: LATER }), stolen);
    expect(verdict).toMatchObject({ outcome: "not-allowed", problem: "invalid-key" });
    expect(verdict.userId).toBeUndefined();
  });

  it("by a key that does not vouch for itself does not count", async () => {
    const bare = packet(6, key.body);
    const forged = certificateOf({ ...makeKey(version), body: key.body, hashed: key.hashed });
    for (const file of [bare, forged])
      expect(await verify(signBytes(key, DOCUMENT), file)).toMatchObject({
        outcome: "not-allowed",
        problem: "invalid-key",
      });
  });

  it("counts only from its key's making to its end", async () => {
    const year = subpacket(SUBPACKET.keyExpiresAfter, number(30 * DAY, 4));
    const short = certificateOf(key, "Short", { hashed: [flags(3), year] });
    expect(await verify(signBytes(key, DOCUMENT), short)).toMatchObject({ outcome: "valid" });
    expect(await verify(signBytes(key, DOCUMENT, { at: LATER }), short)).toMatchObject({
      problem: "expired",
    });
    const early = new Date(+FIXTURE_TIME - 1000);
    expect(await verify(signBytes(key, DOCUMENT, { at: early }), short)).toMatchObject({
      problem: "not-yet-valid",
    });
  });

  it("is wrong when it signs no document, names no time, or is of another kind of key", async () => {
    for (const type of [0x02, 0x10, 0x13, 0x18, 0x1f, 0x40, 0x50])
      expect(await verify(signBytes(key, DOCUMENT, { type }), certificate)).toMatchObject({
        outcome: "wrong",
      });
    expect(await verify(signBytes(key, DOCUMENT, { withoutTime: true }), certificate)).toMatchObject({
      outcome: "wrong",
    });
    const other = signBytes(key, DOCUMENT);
    other[2] = 18;
    expect(await verify(other, certificate)).toMatchObject({ outcome: "wrong" });
    other[2] = 30;
    expect(await verify(other, certificate)).toMatchObject({ outcome: "unsupported" });
  });

  it("is unknown with a critical statement that nobody here understands, and fine with one that is optional", async () => {
    for (const type of [20, 5, 100]) {
      const critical = [subpacket(type, Buffer.alloc(8), true)];
      expect(await verify(signBytes(key, DOCUMENT, { hashed: critical }), certificate)).toMatchObject({
        outcome: "unsupported",
      });
      const optional = [subpacket(type, Buffer.alloc(8))];
      expect(await verify(signBytes(key, DOCUMENT, { hashed: optional }), certificate)).toMatchObject({
        outcome: "valid",
      });
    }
  });

  it("takes nothing that matters from what is not signed", async () => {
    const unhashed = [
      subpacket(SUBPACKET.createdAt, seconds(LATER)),
      subpacket(SUBPACKET.expiresAfter, number(1, 4)),
      subpacket(SUBPACKET.keyFlags, Buffer.from([0])),
    ];
    expect(await verify(signBytes(key, DOCUMENT, { unhashed }), certificate)).toMatchObject({
      outcome: "valid",
      because: expect.stringContaining(FIXTURE_TIME.toISOString()),
    });
  });

  it("with any bit of it flipped is never valid", async () => {
    const signature = signBytes(key, DOCUMENT);
    for (let at = 0; at < signature.length; at += 1) {
      const flipped = Buffer.from(signature);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
      try {
        expect((await verify(flipped, certificate)).outcome, `octet ${at}`).not.toBe("valid");
      } catch (error) {
        expect(error).toMatchObject({ code: expect.stringMatching(/^artifact\./) });
      }
    }
  });

  it("cut off anywhere is our error", async () => {
    const signature = signBytes(key, DOCUMENT);
    for (let length = 0; length < signature.length; length += 1) {
      const cut = packet(2, signature.subarray(0, length));
      const code = codeOf(() => readSignatures(cut));
      if (code === undefined)
        expect((await verify(signature.subarray(0, length), certificate)).outcome).not.toBe("valid");
      else expect(code).toMatch(/^artifact\./);
    }
  });
});

describe("revocation", () => {
  const key = makeKey();
  const revoke = (reason: number | undefined, at: Date, by = key) =>
    packet(
      2,
      signBytes(by, key.hashed, {
        type: 0x20,
        at,
        hashed: reason === undefined ? [] : [subpacket(SUBPACKET.revocationReason, Buffer.from([reason]))],
      }),
    );
  const revoked = (revocation: Buffer) =>
    Buffer.concat([packet(6, key.body), revocation, certificateOf(key).subarray(packet(6, key.body).length)]);

  it.each([
    [undefined, "not-allowed", "not-allowed"],
    [0, "not-allowed", "not-allowed"],
    [1, "valid", "not-allowed"],
    [2, "not-allowed", "not-allowed"],
    [3, "valid", "not-allowed"],
  ] as const)("for reason %s: before it %s, after it %s", async (reason, before, after) => {
    const file = revoked(revoke(reason, new Date("2024-03-01")));
    expect((await verify(signBytes(key, DOCUMENT), file)).outcome).toBe(before);
    expect((await verify(signBytes(key, DOCUMENT, { at: LATER }), file)).outcome).toBe(after);
  });

  it("by somebody else counts for nothing", async () => {
    const file = revoked(revoke(2, new Date("2024-03-01"), { ...makeKey(), fingerprint: key.fingerprint }));
    expect((await verify(signBytes(key, DOCUMENT), file)).outcome).toBe("valid");
  });

  it("in one copy of the key counts for the others, whatever their order", async () => {
    const [clean, dirty] = [certificateOf(key), revoked(revoke(2, LATER))];
    for (const files of [
      [clean, dirty],
      [dirty, clean],
      [clean, revoke(2, LATER)],
    ])
      expect((await verify(signBytes(key, DOCUMENT), ...files)).outcome).toBe("not-allowed");
  });
});

describe("keys", () => {
  it("with one number are told apart by what they sign", async () => {
    const [key, other] = [makeKey(), makeKey()];
    const twin = { ...other, fingerprint: key.fingerprint };
    // The signature names the one key and was made by the other.
    expect(await verify(signBytes(twin, DOCUMENT), certificateOf(key), certificateOf(other))).toMatchObject({
      outcome: "wrong",
    });
  });

  it("of versions 3 and 5 are passed over, secret ones are refused", () => {
    const key = makeKey();
    for (const version of [2, 3, 5]) {
      const body = Buffer.from(key.body);
      body[0] = version;
      expect(readCertificates([{ name: "old", bytes: packet(6, body) }])).toEqual([]);
    }
    const secret = packet(5, key.body);
    expect(codeOf(() => readCertificates([{ name: "secret", bytes: secret }]))).toBe("artifact.malformed");
  });

  it("that fit anybody's signatures are not used", async () => {
    const key = makeKey();
    const body = Buffer.concat([key.body.subarray(0, 6), Buffer.from(`01${"00".repeat(31)}`, "hex")]);
    const hashed = Buffer.concat([Buffer.from([0x99]), number(body.length, 2), body]);
    const file = certificateOf({ ...key, body, hashed });
    const named = readCertificates([{ name: "weak", bytes: file }])[0]?.primary.fingerprint ?? "";
    const signature = signBytes({ ...key, fingerprint: Buffer.from(named, "hex") }, DOCUMENT);
    expect(await verify(signature, file)).toMatchObject({ outcome: "unsupported" });
  });

  it("cut off or flipped end in our errors", async () => {
    const key = makeKey();
    const file = Buffer.concat([certificateOf(key), subkeyOf(key, makeKey())]);
    const signature = signBytes(key, DOCUMENT);
    for (let at = 0; at < file.length; at += 1)
      for (const bytes of [
        file.subarray(0, at),
        Buffer.from(file.map((octet, index) => (index === at ? octet ^ 4 : octet))),
      ])
        try {
          await verify(signature, bytes);
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^artifact\./) });
        }
  });
});

describe("framing", () => {
  it.each([
    ["no packet", [0x00], "artifact.malformed"],
    ["a packet without a length", [0x8b, 1], "artifact.unsupported"],
    ["a packet in pieces", [0xc2, 0xe1, 0], "artifact.unsupported"],
    ["a length beyond the end", [0xc2, 0xff, 0xff, 0xff, 0xff, 0xff], "artifact.truncated"],
    ["half a length", [0xc2, 0xff, 0], "artifact.truncated"],
    ["a length of two octets cut short", [0x89, 0], "artifact.truncated"],
  ])("refuses %s", (_, octets, code) => {
    expect(codeOf(() => readPackets(Buffer.from(octets)))).toBe(code);
  });

  it("refuses something else among signatures or keys", () => {
    const literal = packet(11, Buffer.from("text"));
    expect(codeOf(() => readSignatures(literal))).toBe("artifact.malformed");
    const file = Buffer.concat([certificateOf(makeKey()), literal]);
    expect(codeOf(() => readCertificates([{ name: "odd", bytes: file }]))).toBe("artifact.malformed");
  });

  it("bounds how many signatures there are", () => {
    const one = packet(2, signBytes(makeKey(), DOCUMENT));
    expect(codeOf(() => readSignatures(Buffer.concat(new Array(65).fill(one))))).toBe("artifact.over-limit");
  });
});

describe("armour", () => {
  const bytes = packet(2, signBytes(makeKey(), DOCUMENT));
  const text = armour("SIGNATURE", bytes);

  it("may have words around it, headers, and a checksum that is right", () => {
    for (const whole of [
      text,
      `some words\n${text}more words\n`,
      text.replace("\n\n", "\nComment: x\n\n"),
      text.replaceAll("\n", "\r\n"),
    ])
      expect(readArmour(Buffer.from(whole))).toEqual([{ label: "PGP SIGNATURE", bytes }]);
  });

  it.each([
    ["no last line", text.replace(/-----END.*\n/, ""), "artifact.truncated"],
    [
      "another label at its end",
      text.replace("-----END PGP SIGNATURE", "-----END PGP MESSAGE"),
      "artifact.truncated",
    ],
    ["a wrong checksum", text.replace("-----END", "=AAAA\n-----END"), "artifact.malformed"],
    ["letters that are none of base64", text.replace("\n\n", "\n\n*"), "artifact.malformed"],
    ["half a group", text.replace("\n\n", "\n\nA"), "artifact.malformed"],
  ])("is refused with %s", (_, damaged, code) => {
    expect(codeOf(() => readArmour(Buffer.from(damaged)))).toBe(code);
  });
});
