import { describe, expect, it } from "vitest";
import { readCertificates } from "./certificate.ts";
import { readSignatures } from "./signature.ts";
import {
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
import { verifySignature } from "./verify.ts";
import { codeOf, DOCUMENT, LATER, verify } from "./verifying.fixture.ts";

const DAY = 86_400;

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
      [
        subkeyOf(key, subkey, { options: { hashed: [subpacket(SUBPACKET.keyFlags, Buffer.alloc(0))] } }),
        /not meant for signing/,
      ],
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

  it("is not of a key that says it may do nothing", async () => {
    const mute = certificateOf(key, "A <a@example.org>", {
      hashed: [subpacket(SUBPACKET.keyFlags, Buffer.alloc(0))],
    });
    expect(await verify(signBytes(key, DOCUMENT), mute)).toMatchObject({
      outcome: "not-allowed",
      because: expect.stringMatching(/not meant for signing/),
    });
  });

  it("of a text is not over what is no text, whose line ends are bytes like others", async () => {
    const binary = Buffer.from("\0\r\n");
    const signature = signBytes(key, binary, { type: 1 });
    const [first] = readSignatures(packet(2, signature));
    const certificates = readCertificates([{ name: "key.gpg", bytes: certificate }]);
    if (first === undefined) throw new TypeError("the fixture is a signature");
    for (const bytes of [binary, Buffer.from("\0\n")]) {
      const document = (async function* () {
        yield bytes;
      })();
      const options = { now: new Date("2026-06-01T00:00:00Z") };
      expect(await verifySignature(first, document, certificates, options)).toMatchObject({
        outcome: "unsupported",
        because: expect.stringMatching(/other bytes would fit it/),
      });
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
    const signature = signBytes(subkey, DOCUMENT, { at: LATER });
    const verdict = await verify(signature, stolen);
    expect(verdict).toMatchObject({ outcome: "not-allowed", problem: "invalid-key" });
    expect(verdict.userId).toBeUndefined();
    // Nor does the thief's certificate hide the owner's.
    const owned = Buffer.concat([certificateOf(owner, "Owner"), subkeyOf(owner, subkey)]);
    expect(await verify(signature, stolen, owned)).toMatchObject({ outcome: "valid", userId: "Owner" });
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
