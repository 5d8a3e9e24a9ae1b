/**
 * The key that signs receipts and checkpoints: PKCS#8 PEM, readable by its owner alone, made on first use.
 * @module
 */

import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomUUID,
} from "node:crypto";
import { linkSync, readFileSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { WorldError } from "@sallyport/core";
import { rawKeyOf } from "./ed25519.ts";
import { codeOf, syncFolder, writeNewFile } from "./files.ts";
import { type PublicKey, publicKeyOf } from "./public-key.ts";

export interface SigningKey {
  readonly privateKey: KeyObject;
  readonly publicKey: PublicKey;
}

/**
 * @returns the key in the file, or undefined when there is no such file
 * @throws WorldError `world.ledger` when the file holds no Ed25519 key or cannot be read
 */
export function readSigningKey(file: string): SigningKey | undefined {
  try {
    const privateKey = createPrivateKey(readFileSync(file));
    if (privateKey.asymmetricKeyType !== "ed25519") throw new TypeError("not an Ed25519 key");
    return { privateKey, publicKey: publicKeyOf(rawKeyOf(createPublicKey(privateKey))) };
  } catch (cause) {
    if (codeOf(cause) === "ENOENT") return undefined;
    throw new WorldError(
      "world.ledger",
      `${file} is no signing key that can be used: restore it from a backup`,
      {
        cause,
      },
    );
  }
}

/**
 * Makes the key unless somebody else was faster: the complete file is linked to its name, which only one process
 * can do, and the others read what it wrote.
 */
export function makeSigningKey(file: string): SigningKey {
  const { privateKey } = generateKeyPairSync("ed25519");
  const draft = `${file}.${randomUUID()}`;
  try {
    writeNewFile(draft, privateKey.export({ format: "pem", type: "pkcs8" }), 0o600);
    try {
      linkSync(draft, file);
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw error;
    }
    syncFolder(dirname(file));
  } catch (cause) {
    throw new WorldError("world.ledger", `${file} cannot be written: make its folder writable or make room`, {
      cause,
    });
  } finally {
    rmSync(draft, { force: true });
  }
  const made = readSigningKey(file);
  if (made === undefined) throw new WorldError("world.ledger", `${file} vanished while it was made`);
  return made;
}
