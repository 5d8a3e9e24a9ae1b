/** What revocation lists say about a path, and which lists are not listened to. @module */

import { describe, expect, it } from "vitest";
import {
  writeBitString,
  writeContext,
  writeEnumerated,
  writeGeneralizedTime,
  writeInteger,
  writeObjectIdentifier,
  writeSequence,
  writeTime,
  writeValue,
} from "../asn1/write.ts";
import { type IssuedCertificate, writeExtension } from "../replica/certificate-authority.ts";
import { type SigningKey, signBytes, writeSignatureAlgorithm } from "../replica/signing-key.ts";
import { readCertificate } from "./certificate.ts";
import { readRevocationList } from "./revocation-list.ts";
import { anchorOf, authority, judge, key, root, signer } from "./test-world.fixture.ts";

interface ListRequest {
  readonly revoked?: readonly Uint8Array[];
  readonly nextUpdate?: Date;
  readonly signedBy?: SigningKey;
  readonly extensions?: readonly Uint8Array[];
}

function listOf(issuer: IssuedCertificate, request: ListRequest = {}): Buffer {
  const signedBy = request.signedBy ?? issuer.key;
  const algorithm = writeSignatureAlgorithm(signedBy, "sha256", "full");
  const { revoked = [], extensions = [] } = request;
  const body = writeSequence(
    writeInteger(1),
    algorithm,
    issuer.subject,
    writeTime(new Date("2026-05-01T00:00:00Z")),
    writeTime(request.nextUpdate ?? new Date("2026-07-01T00:00:00Z")),
    ...(revoked.length === 0 ? [] : [writeSequence(...revoked)]),
    ...(extensions.length === 0 ? [] : [writeContext(0, writeSequence(...extensions))]),
  );
  return writeSequence(body, algorithm, writeBitString(signBytes(signedBy, "sha256", body, "full")));
}

const entry = (certificate: IssuedCertificate, date: string, ...extensions: Uint8Array[]) =>
  writeSequence(
    certificate.serial,
    writeTime(new Date(date)),
    ...(extensions.length === 0 ? [] : [writeSequence(...extensions)]),
  );

const anchors = [anchorOf(root())];
const middle = authority("Middle", root());
const leaf = signer(middle);
const asked = (...revocationLists: Uint8Array[]) => judge(leaf, [middle], { anchors, revocationLists });

describe("revocation lists", () => {
  it("refuses a signer revoked before the time asked about, and notes a later revocation", () => {
    expect(asked(listOf(middle, { revoked: [entry(leaf, "2026-01-01T00:00:00Z")] }))).toMatchObject({
      outcome: "revoked",
      because: expect.stringContaining("2026-01-01"),
    });
    const later = asked(listOf(middle, { revoked: [entry(leaf, "2026-06-02T00:00:00Z")] }));
    expect(later).toMatchObject({ outcome: "anchored", notes: [expect.stringContaining("revoked later")] });
  });

  it("refuses a path over a revoked intermediate", () => {
    expect(asked(listOf(root(), { revoked: [entry(middle, "2026-01-01T00:00:00Z")] })).outcome).toBe(
      "revoked",
    );
  });

  it("says that revocation was checked only when a fresh list covers every certificate", () => {
    expect(asked()).toMatchObject({ outcome: "anchored", revocationChecked: false });
    expect(asked(listOf(middle))).toMatchObject({ outcome: "anchored", revocationChecked: false });
    expect(asked(listOf(middle), listOf(root()))).toMatchObject({
      outcome: "anchored",
      revocationChecked: true,
    });
    const stale = listOf(middle, { nextUpdate: new Date("2026-05-15T00:00:00Z") });
    expect(asked(stale, listOf(root()))).toMatchObject({
      revocationChecked: false,
      because: expect.stringContaining("out of date"),
    });
  });

  it("believes a stale list, and one of unknown scope, what it says was revoked", () => {
    const revoked = [entry(leaf, "2026-01-01T00:00:00Z")];
    expect(asked(listOf(middle, { revoked, nextUpdate: new Date("2026-05-15T00:00:00Z") })).outcome).toBe(
      "revoked",
    );
    const scope = [writeExtension("2.5.29.28", true, writeSequence())];
    expect(asked(listOf(middle, { revoked, extensions: scope })).outcome).toBe("revoked");
    expect(asked(listOf(middle, { extensions: scope }), listOf(root()))).toMatchObject({
      revocationChecked: false,
    });
  });

  it("ignores a list that its issuer did not sign", () => {
    const revoked = [entry(leaf, "2026-01-01T00:00:00Z")];
    const result = asked(listOf(middle, { revoked, signedBy: key("Mallory") }));
    expect(result).toMatchObject({ outcome: "anchored", notes: [expect.stringContaining("ignored")] });
    const mute = authority("Mute", root(), { keyUsage: ["keyCertSign"] });
    const below = signer(mute);
    const list = listOf(mute, { revoked: [entry(below, "2026-01-01T00:00:00Z")] });
    expect(judge(below, [mute], { anchors, revocationLists: [list] }).outcome).toBe("anchored");
  });

  it("takes the invalidity date when it is earlier, and a hold that was taken back not at all", () => {
    const invalidity = writeExtension(
      "2.5.29.24",
      false,
      writeGeneralizedTime(new Date("2026-01-01T00:00:00Z")),
    );
    expect(
      asked(listOf(middle, { revoked: [entry(leaf, "2026-06-02T00:00:00Z", invalidity)] })).outcome,
    ).toBe("revoked");
    const removed = writeExtension("2.5.29.21", false, writeEnumerated(8));
    expect(asked(listOf(middle, { revoked: [entry(leaf, "2026-01-01T00:00:00Z", removed)] })).outcome).toBe(
      "anchored",
    );
  });

  it("holds a hundred thousand entries", () => {
    const date = writeTime(new Date("2026-01-01T00:00:00Z"));
    const revoked = Array.from({ length: 100_000 }, (_, serial) =>
      writeSequence(writeInteger(serial + 1), date),
    );
    const list = readRevocationList(listOf(middle, { revoked }));
    expect(list.revoked.size).toBe(100_000);
  });

  it("refuses a list that is cut short, flipped or of another shape with a typed error", () => {
    const whole = listOf(middle, { revoked: [entry(leaf, "2026-01-01T00:00:00Z")] });
    for (let cut = 0; cut < whole.length; cut += 1)
      expect(() => readRevocationList(whole.subarray(0, cut))).toThrow(
        expect.objectContaining({ code: "artifact.malformed" }),
      );
    for (let at = 0; at < whole.length; at += 1) {
      const flipped = Buffer.from(whole);
      flipped[at] = (flipped[at] ?? 0) ^ 0x55;
      expectTyped(() => readRevocationList(flipped));
    }
    expect(() => readRevocationList(readCertificate(leaf.certificate).raw)).toThrow(/X.509|DER/);
    expect(() => readRevocationList(writeValue(0x31, Buffer.alloc(0)))).toThrow(/SEQUENCE/);
    expect(() => readRevocationList(writeSequence(writeObjectIdentifier("1.2.3")))).toThrow(/three parts/);
  });
});

function expectTyped(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    expect(error).toMatchObject({ code: "artifact.malformed" });
  }
}
