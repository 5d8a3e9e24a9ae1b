/**
 * Points that must not be anybody's Ed25519 key: with one of small order the same signature fits many messages, and
 * an encoding that is not the only one gives one key two names. Sources: RFC 8032 §5.1.3; Chalkias et al., Taming the
 * Many EdDSAs (2020), table 6.
 * @module
 */

/** The y coordinates of small order, without the sign bit of x. */
const SMALL_ORDER: ReadonlySet<string> = new Set([
  "0100000000000000000000000000000000000000000000000000000000000000",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "0000000000000000000000000000000000000000000000000000000000000000",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
]);

/** @param point - 32 octets */
export function isWeakEd25519Point(point: Buffer): boolean {
  const y = Buffer.from(point);
  y[31] = (y[31] ?? 0) & 0x7f;
  // The field's prime is 2^255 - 19: what is not below it has a second encoding.
  const isTooLarge =
    (y[0] ?? 0) >= 0xed && y[31] === 0x7f && y.subarray(1, 31).every((octet) => octet === 0xff);
  return isTooLarge || SMALL_ORDER.has(y.toString("hex"));
}
