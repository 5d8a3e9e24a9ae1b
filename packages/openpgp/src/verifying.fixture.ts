/** One document, one signature, the keys at hand: what the tests of this room ask. */

import { readCertificates } from "./certificate.ts";
import { readSignatures } from "./signature.ts";
import { packet } from "./signing.fixture.ts";
import { type Verdict, verifySignature } from "./verify.ts";

export const DOCUMENT = Buffer.from("a harmless line of text\n");
export const LATER = new Date("2024-06-01T00:00:00Z");
const NOW = new Date("2026-06-01T00:00:00Z");

export async function verify(signature: Buffer, ...keys: Buffer[]): Promise<Verdict> {
  const [first] = readSignatures(packet(2, signature));
  if (first === undefined) throw new TypeError("the fixture is a signature");
  const document = (async function* () {
    yield DOCUMENT;
  })();
  const files = keys.map((bytes, index) => ({ name: `key${index}.gpg`, bytes }));
  return verifySignature(first, document, readCertificates(files), { now: NOW });
}

export const codeOf = (act: () => unknown): unknown => {
  try {
    act();
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
  return undefined;
};
