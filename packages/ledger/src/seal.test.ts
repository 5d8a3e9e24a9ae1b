import { generateKeyPairSync } from "node:crypto";
import { expect, it } from "vitest";
import { rawKeyOf } from "./ed25519.ts";
import { PAYLOAD_TYPE } from "./envelope.ts";
import { publicKeyOf } from "./public-key.ts";
import { openSeal, seal } from "./seal.ts";
import type { SigningKey } from "./signing-key.ts";

const TYPE = "application/vnd.example.demo+json";
function makeKey(): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return { privateKey, publicKey: publicKeyOf(rawKeyOf(publicKey)) };
}
const [own, stranger] = [makeKey(), makeKey()];
const document = seal(TYPE, Buffer.from("content"), own);
const open = (value: unknown, given: Partial<Parameters<typeof openSeal>[1]> = {}) =>
  openSeal(value, {
    payloadType: TYPE,
    publicKeys: [stranger.publicKey, own.publicKey],
    maxBytes: 100,
    ...given,
  });
const refusing = (value: unknown, given: Partial<Parameters<typeof openSeal>[1]> = {}) =>
  expect(() => open(value, given)).toThrowError(expect.objectContaining({ code: "usage.value" }));

it("opens what a trusted key sealed, and names the key", () => {
  const { payload, key } = open(JSON.parse(JSON.stringify(document)));
  expect(payload.toString()).toBe("content");
  expect(key.id).toBe(own.publicKey.id);
});

it("opens nothing of another key's, of another type, or that was changed", () => {
  refusing(document, { publicKeys: [stranger.publicKey] });
  refusing(document, { publicKeys: [] });
  refusing(document, { payloadType: "application/vnd.example.other+json" });
  refusing({ ...document, payloadType: PAYLOAD_TYPE }, { payloadType: PAYLOAD_TYPE });
  refusing({ ...document, payload: Buffer.from("another").toString("base64") });
  refusing({ ...document, payload: `${document.payload}\n` });
});

it("opens nothing that is too large, or of another shape", () => {
  refusing(document, { maxBytes: 4 });
  for (const value of [null, 1, "x", [], {}, { ...document, more: 1 }, { ...document, signatures: [{}] }])
    refusing(value);
  refusing({ ...document, signatures: Array(17).fill(document.signatures[0]) });
});

it("seals nothing as a receipt", () => {
  expect(() => seal(PAYLOAD_TYPE, Buffer.from("{}"), own)).toThrow(/a type of its own/);
});
