/**
 * One signature's numbers against one key, over bytes that come in pieces. Sources: RFC 9580 §5.2.3.1 to §5.2.4;
 * RFC 8017 §9.2; FIPS 186-5.
 * @module
 */

import { constants, createHash, createVerify, type Hash, publicDecrypt, verify } from "node:crypto";
import { ArtifactError } from "@sallyport/core";
import { type HashAlgorithm, hashAlgorithm, KEY_ALGORITHM } from "./algorithm.ts";
import { CanonicalText } from "./canonical-text.ts";
import { writeInteger, writeNull, writeObjectIdentifier, writeOctetString, writeSequence } from "./der.ts";
import { type KeyMaterial, readKeyMaterial } from "./key-material.ts";
import { Octets } from "./octets.ts";
import type { PublicKey } from "./public-key.ts";
import { type Signature, TYPE } from "./signature.ts";

/** The outcome of the numbers alone; whether the key may sign is another question. */
export interface CheckResult {
  readonly isValid: boolean;
  /** False for a signature of a text over something that is none. */
  readonly isOfItsKind: boolean;
  readonly digest: Buffer;
  readonly material: KeyMaterial;
}

export class SignatureCheck {
  readonly #signature: Signature;
  readonly #material: KeyMaterial;
  readonly #algorithm: HashAlgorithm;
  readonly #hash: Hash;
  /** DSA and ECDSA: `node:crypto` takes no ready digest for them. */
  readonly #verifier: ReturnType<typeof createVerify> | undefined;
  readonly #text: CanonicalText | undefined;

  /** @throws {@link ArtifactError} `artifact.unsupported` for algorithms not known here; `artifact.malformed` for a broken key */
  constructor(signature: Signature, key: PublicKey) {
    const algorithm = hashAlgorithm(signature.hashId);
    if (algorithm === undefined)
      throw new ArtifactError(
        "artifact.unsupported",
        `OpenPGP: digest ${signature.hashId} is not known here`,
      );
    this.#signature = signature;
    this.#algorithm = algorithm;
    this.#material = readKeyMaterial(key);
    this.#hash = createHash(algorithm.name);
    const { kind } = this.#material;
    this.#verifier = kind === "dsa" || kind === "ecdsa" ? createVerify(algorithm.name) : undefined;
    this.#text = signature.type === TYPE.text ? new CanonicalText() : undefined;
    this.#feed(signature.salt);
  }

  /** The next bytes of what was signed. */
  update(bytes: Uint8Array): this {
    this.#feed(this.#text === undefined ? bytes : this.#text.convert(bytes));
    return this;
  }

  finish(): CheckResult {
    this.#feed(this.#signature.trailer);
    const digest = this.#hash.digest();
    const isStartRight = digest.subarray(0, 2).equals(this.#signature.digestStart);
    return {
      isValid: isStartRight && this.#isValueRight(digest),
      isOfItsKind: this.#text?.isText ?? true,
      digest,
      material: this.#material,
    };
  }

  #feed(bytes: Uint8Array): void {
    this.#hash.update(bytes);
    this.#verifier?.update(bytes);
  }

  #isValueRight(digest: Buffer): boolean {
    const fields = new Octets(this.#signature.value, "a signature's value");
    try {
      switch (this.#material.kind) {
        case "rsa":
          return this.#isRsaRight(fields, digest);
        case "dsa":
        case "ecdsa":
          return (
            this.#verifier?.verify({ key: this.#material.key, dsaEncoding: "der" }, readPair(fields)) === true
          );
        case "ed25519":
        case "ed448":
          return verify(null, digest, this.#material.key, this.#readEdwards(fields));
      }
    } catch (error) {
      // OpenSSL throws for numbers out of range, we for values cut short: no signature either way.
      if (error instanceof Error) return false;
      throw error;
    }
  }

  /** Built anew and compared whole: what is parsed leniently can be forged (CVE-2006-4339). */
  #isRsaRight(fields: Octets, digest: Buffer): boolean {
    const value = fields.integer();
    fields.end();
    const { key, sizeBits } = this.#material;
    const sizeBytes = Math.ceil(sizeBits / 8);
    const padding = constants.RSA_NO_PADDING;
    const opened = publicDecrypt({ key, padding }, leftPad(value, sizeBytes));
    const digestInfo = writeSequence(
      writeSequence(writeObjectIdentifier(this.#algorithm.oid), writeNull()),
      writeOctetString(digest),
    );
    const fillBytes = sizeBytes - digestInfo.length - 3;
    if (fillBytes < 8) return false;
    const expected = Buffer.concat([
      Buffer.from([0, 1]),
      Buffer.alloc(fillBytes, 0xff),
      Buffer.from([0]),
      digestInfo,
    ]);
    return opened.equals(expected);
  }

  #readEdwards(fields: Octets): Buffer {
    const octets = this.#material.kind === "ed25519" ? 32 : 57;
    const isLegacy = this.#signature.keyAlgorithm === KEY_ALGORITHM.eddsaLegacy;
    const value = isLegacy
      ? Buffer.concat([leftPad(fields.integer(), octets), leftPad(fields.integer(), octets)])
      : fields.take(2 * octets);
    fields.end();
    return value;
  }
}

/** DSA and ECDSA as OpenSSL wants them: a SEQUENCE of r and s. */
function readPair(fields: Octets): Buffer {
  const pair = writeSequence(writeInteger(fields.integer()), writeInteger(fields.integer()));
  fields.end();
  return pair;
}

function leftPad(integer: Buffer, length: number): Buffer {
  if (integer.length > length) throw new ArtifactError("artifact.malformed", "OpenPGP: a number is too long");
  return Buffer.concat([Buffer.alloc(length - integer.length), integer]);
}
