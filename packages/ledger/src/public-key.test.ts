import { generateKeyPairSync } from "node:crypto";
import { expect, it } from "vitest";
import { rawKeyOf } from "./ed25519.ts";
import { parsePublicKey, publicKeyOf, publicKeyPem, verifierKeyOf } from "./public-key.ts";

const { publicKey, privateKey } = generateKeyPairSync("ed25519");
const raw = rawKeyOf(publicKey);

it("reads a key back from PEM, verifier key and base64", () => {
  const key = publicKeyOf(raw);
  for (const text of [
    publicKeyPem(key),
    verifierKeyOf(key),
    raw.toString("base64"),
    `\n ${verifierKeyOf(key)}\r\n`,
  ])
    expect(parsePublicKey(text).raw).toEqual(raw);
  expect(parsePublicKey(verifierKeyOf(key)).origin).toBe(key.origin);
});

/** The encodings of the points of order 1, 2, 4 and 8, and those that are not written canonically. */
const WEAK = [
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0000000000000000000000000000000000000000000000000000000000000080",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000080",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
  "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
];

it.each(WEAK)("refuses the weak or non-canonical key %s", (hex) => {
  expect(() => publicKeyOf(Buffer.from(hex, "hex"))).toThrow(/small order|canonical/);
});

it("refuses 32 bytes that are no point, and takes every key it makes itself", () => {
  expect(() => publicKeyOf(Buffer.from(`02${"00".repeat(31)}`, "hex"))).toThrow(/not a point/);
  for (let run = 0; run < 50; run += 1) publicKeyOf(rawKeyOf(generateKeyPairSync("ed25519").publicKey));
});

it("refuses what is no Ed25519 public key, a private key above all", () => {
  const other = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey;
  const vkey = verifierKeyOf(publicKeyOf(raw));
  for (const text of [
    "",
    "x",
    "A".repeat(1_000_000),
    privateKey.export({ format: "pem", type: "pkcs8" }).toString(),
    other.export({ format: "pem", type: "spki" }).toString(),
    "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
    vkey.replace(/\+[0-9a-f]{8}\+/, "+00000000+"),
    `other${vkey}`,
    raw.subarray(1).toString("base64"),
  ])
    expect(() => parsePublicKey(text)).toThrow(expect.objectContaining({ code: "usage.key" }));
});
