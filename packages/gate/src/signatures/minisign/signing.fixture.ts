/** Keys and signatures of minisign and signify, written by hand so that they can be wrong about one thing each. */

import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { sourceOf, verifyContext } from "@sallyport/testkit";
import type { BroughtFile } from "../../brought.ts";
import { minisign } from "./index.ts";

export interface FixtureKey {
  readonly privateKey: KeyObject;
  readonly id: Buffer;
  readonly point: Buffer;
}

export function makeKey(id: Buffer = randomBytes(8)): FixtureKey {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  return { privateKey, id, point: publicKey.export({ format: "der", type: "spki" }).subarray(-32) };
}

export const keyFile = ({ id, point }: FixtureKey, comment = "untrusted comment: a key for tests"): Buffer =>
  Buffer.from(`${comment}\n${Buffer.concat([Buffer.from("Ed"), id, point]).toString("base64")}\n`);

export interface SignOptions {
  readonly algorithm?: "Ed" | "ED";
  readonly trusted?: string;
}

/** A signature file of minisign. */
export function signFile(key: FixtureKey, document: Buffer, options: SignOptions = {}): Buffer {
  const { algorithm = "ED", trusted = "timestamp:1700000000\tfile:a.txt" } = options;
  const signed = algorithm === "ED" ? createHash("blake2b512").update(document).digest() : document;
  const value = sign(null, signed, key.privateKey);
  const overall = sign(null, Buffer.concat([value, Buffer.from(trusted)]), key.privateKey);
  return Buffer.from(
    `untrusted comment: by a test\n${blobOf(key, algorithm, value)}\ntrusted comment: ${trusted}\n${overall.toString("base64")}\n`,
  );
}

/** A signature file of signify with the message in it. */
export const signMessage = (key: FixtureKey, message: string): Buffer =>
  Buffer.from(
    `untrusted comment: verify with key.pub\n${blobOf(key, "Ed", sign(null, Buffer.from(message), key.privateKey))}\n${message}`,
  );

/** A gzip file signed in its header, with blocks of 4096 bytes. */
export function signGzip(
  key: FixtureKey,
  gzip: Buffer,
  { blockBytes = 4096, header = "1f8b0810000000000003" } = {},
): Buffer {
  const data = gzip.subarray(10);
  const digests = Array.from({ length: Math.ceil(data.length / blockBytes) }, (_, index) => {
    const block = data.subarray(index * blockBytes, (index + 1) * blockBytes);
    return `${createHash("sha512-256").update(block).digest("hex")}\n`;
  });
  const message = `date=2024-01-01T00:00:00Z\nkey=a.sec\nalgorithm=SHA512/256\nblocksize=${blockBytes}\n\n${digests.join("")}`;
  return Buffer.concat([Buffer.from(header, "hex"), signMessage(key, message), Buffer.from([0]), data]);
}

const blobOf = ({ id }: FixtureKey, algorithm: string, value: Buffer): string =>
  Buffer.concat([Buffer.from(algorithm), id, value]).toString("base64");

export const brought = (name: string, bytes: Buffer): BroughtFile => ({ name, source: sourceOf(bytes) });

/** What the scheme says of a gzip file that may carry a signature. */
export const verifyGzip = (bytes: Buffer, key?: Buffer) =>
  minisign.verify(
    sourceOf(bytes),
    verifyContext(
      { format: "gzip", trust: { anchors: [], revocationLists: [], hash: "" } },
      { keys: key === undefined ? [] : [brought("a.pub", key)] },
    ),
  );

/** What the scheme says of a file with one signature and one key. */
export const verifyFile = (document: Buffer, signature: Buffer, key?: Buffer) =>
  minisign.verify(
    sourceOf(document),
    verifyContext(
      { format: "data", trust: { anchors: [], revocationLists: [], hash: "" } },
      {
        signatures: [brought("a.minisig", signature)],
        keys: key === undefined ? [] : [brought("a.pub", key)],
      },
    ),
  );
