import { describe, expect, it } from "vitest";
import { readCertificates } from "./certificate.ts";
import {
  certificateOf,
  flags,
  makeKey,
  number,
  packet,
  signBytes,
  subkeyOf,
  subpacket,
} from "./signing.fixture.ts";
import { SUBPACKET } from "./subpacket.ts";
import { codeOf, DOCUMENT, LATER, verify } from "./verifying.fixture.ts";

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

  it("counts also with a statement beside it that nobody here understands", async () => {
    const odd = signBytes(key, key.hashed, { type: 0x20, hashed: [subpacket(100, Buffer.from("x"), true)] });
    const verdict = await verify(signBytes(key, DOCUMENT, { at: LATER }), revoked(packet(2, odd)));
    expect(verdict).toMatchObject({ outcome: "not-allowed", problem: "revoked" });
  });

  it("that stands alone is compared with every key, so that there may not be many", () => {
    const one = revoke(2, LATER);
    const files = [{ name: "revocations.gpg", bytes: Buffer.concat(new Array(1001).fill(one)) }];
    expect(codeOf(() => readCertificates(files))).toBe("artifact.over-limit");
  });

  it("of a subkey is taken back when it is bound anew, unless the subkey was stolen", async () => {
    const subkey = makeKey();
    const document = Buffer.concat([key.hashed, subkey.hashed]);
    const revokeSubkey = (reason: number) =>
      packet(
        2,
        signBytes(key, document, {
          type: 0x28,
          at: new Date("2024-02-01"),
          hashed: [subpacket(SUBPACKET.revocationReason, Buffer.from([reason]))],
        }),
      );
    const binding = (at: Date) => {
      const back = subpacket(SUBPACKET.embeddedSignature, signBytes(subkey, document, { type: 0x19 }));
      return packet(2, signBytes(key, document, { type: 0x18, at, hashed: [flags(2), back] }));
    };
    const signature = signBytes(subkey, DOCUMENT, { at: LATER });
    const start = [certificateOf(key), subkeyOf(key, subkey)];
    for (const [more, outcome] of [
      [[revokeSubkey(1)], "not-allowed"],
      [[revokeSubkey(1), binding(new Date("2024-03-01"))], "valid"],
      [[revokeSubkey(2), binding(new Date("2024-03-01"))], "not-allowed"],
    ] as const)
      expect((await verify(signature, Buffer.concat([...start, ...more]))).outcome).toBe(outcome);
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
