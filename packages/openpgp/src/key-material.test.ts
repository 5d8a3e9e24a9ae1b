import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { KEY_ALGORITHM } from "./algorithm.ts";
import { readKeyMaterial } from "./key-material.ts";
import { codeOf } from "./verifying.fixture.ts";

/** A multiprecision integer: RFC 9580 §3.2. */
function mpi(octets: Buffer, bits = octets.length * 8): Buffer {
  const head = Buffer.alloc(2);
  head.writeUInt16BE(bits);
  return Buffer.concat([head, octets]);
}

const read = (algorithm: number, ...material: readonly Buffer[]) =>
  readKeyMaterial({
    version: 4,
    createdAt: new Date(0),
    algorithm,
    material: Buffer.concat(material),
    fingerprint: "",
    keyId: "",
    hashed: Buffer.alloc(0),
  });

const odd = (bytes: number): Buffer => Buffer.concat([Buffer.alloc(bytes - 1, 0xc5), Buffer.from([0x01])]);
const EXPONENT = Buffer.from([1, 0, 1]);

describe("an RSA key", () => {
  it("is what node:crypto makes of the same numbers, weak below 2048 bits", () => {
    for (const bits of [1024, 2048, 3072]) {
      const { publicKey } = generateKeyPairSync("rsa", { modulusLength: bits });
      const { n = "", e = "" } = publicKey.export({ format: "jwk" });
      const numbers = [n, e].map((text) => mpi(Buffer.from(text, "base64url")));
      const { sizeBits, key, weakness } = read(KEY_ALGORITHM.rsa, ...numbers);
      expect(key.equals(publicKey)).toBe(true);
      expect({ sizeBits, isWeak: weakness !== undefined }).toEqual({ sizeBits: bits, isWeak: bits < 2048 });
    }
  });

  it.each<[string, Buffer, Buffer]>([
    ["an even modulus", Buffer.alloc(256, 0xc4), EXPONENT],
    ["too few bits", odd(32), EXPONENT],
    ["so many bits that it only costs time", odd(2048), EXPONENT],
    ["an exponent of one, which makes every value its own signature", odd(256), Buffer.from([1])],
    ["an even exponent", odd(256), Buffer.from([4])],
    ["no exponent", odd(256), Buffer.alloc(0)],
    ["an endless exponent", odd(256), odd(9)],
    ["no modulus", Buffer.alloc(0), EXPONENT],
  ])("with %s is none", (_, modulus, exponent) => {
    expect(codeOf(() => read(KEY_ALGORITHM.rsa, mpi(modulus), mpi(exponent)))).toBe("artifact.malformed");
  });
});

describe("a key on a curve", () => {
  const P256 = "2a8648ce3d030107";
  const ecdsa = (curve: string, point: Buffer) => {
    const oid = Buffer.from(curve, "hex");
    return read(KEY_ALGORITHM.ecdsa, Buffer.from([oid.length]), oid, mpi(point));
  };
  const pointOf = (namedCurve: string): { point: Buffer; publicKey: object } => {
    const { publicKey } = generateKeyPairSync("ec", { namedCurve });
    const { x = "", y = "" } = publicKey.export({ format: "jwk" });
    const octets = [x, y].map((text) => Buffer.from(text, "base64url"));
    return { point: Buffer.concat([Buffer.from([4]), ...octets]), publicKey };
  };

  it.each([
    ["prime256v1", P256, 256],
    ["secp384r1", "2b81040022", 384],
    ["secp521r1", "2b81040023", 521],
    ["secp256k1", "2b8104000a", 256],
  ])("%s is what node:crypto makes of the same point", (name, oid, sizeBits) => {
    const { point, publicKey } = pointOf(name);
    const material = ecdsa(oid, point);
    expect(material.key.equals(publicKey as never)).toBe(true);
    expect(material.sizeBits).toBe(sizeBits);
  });

  it("that is not known here is told apart from one that is damaged", () => {
    const { point } = pointOf("prime256v1");
    expect(codeOf(() => ecdsa("2b0e03021a", point))).toBe("artifact.unsupported");
    expect(codeOf(() => ecdsa("", point))).toBe("artifact.unsupported");
    const outside = Buffer.from(point);
    outside[40] = (outside[40] ?? 0) ^ 1;
    expect(codeOf(() => ecdsa(P256, outside))).toBe("artifact.malformed");
    expect(codeOf(() => ecdsa(P256, Buffer.alloc(0)))).toBe("artifact.malformed");
    const compressed = Buffer.concat([Buffer.from([2]), point.subarray(1, 33)]);
    expect(codeOf(() => ecdsa(P256, compressed))).toBe("artifact.malformed");
  });
});
