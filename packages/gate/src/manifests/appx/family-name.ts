/**
 * Family names of Windows app packages: the name, and 13 characters of the publisher's digest.
 * Sources: Microsoft Learn, "An overview of Package Identity"; MS-DTYP has no rule for it, so the digest is proven on
 * names that Microsoft publishes.
 * @module
 */

import { hash } from "node:crypto";

/** Base 32 as Crockford writes it, in small letters. */
const DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
const DIGEST_BITS = 64;
const DIGIT_BITS = 5;

/** @param publisher - the distinguished name in `Identity`, as it stands there */
export function familyName(name: string, publisher: string): string {
  const digest = hash("sha256", Buffer.from(publisher, "utf16le"), "buffer").readBigUInt64BE();
  const digitCount = Math.ceil(DIGEST_BITS / DIGIT_BITS);
  const padded = digest << BigInt(digitCount * DIGIT_BITS - DIGEST_BITS);
  const digits = Array.from({ length: digitCount }, (_, index) => {
    const shift = BigInt((digitCount - 1 - index) * DIGIT_BITS);
    return DIGITS[Number((padded >> shift) & 31n)];
  });
  return `${name}_${digits.join("")}`;
}
