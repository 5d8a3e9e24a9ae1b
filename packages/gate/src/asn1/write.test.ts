import { fromBER, type Integer, ObjectIdentifier } from "asn1js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readDer, TAG } from "./der.ts";
import { readOid, readSmallInteger, readText, readTime } from "./values.ts";
import {
  retag,
  writeBitString,
  writeBmpString,
  writeBoolean,
  writeContext,
  writeContextPrimitive,
  writeEnumerated,
  writeGeneralizedTime,
  writeInteger,
  writeNull,
  writeObjectIdentifier,
  writeOctetString,
  writeSequence,
  writeSetOf,
  writeTime,
  writeUtf8String,
} from "./write.ts";

const arrayBufferOf = (bytes: Buffer): ArrayBuffer => new Uint8Array(bytes).buffer;

describe("writing DER", () => {
  it("writes what readDer reads back, at every length of length", () => {
    for (const size of [0, 1, 127, 128, 255, 256, 65_535, 65_536]) {
      const content = Buffer.alloc(size, 7);
      expect(readDer(writeOctetString(content)).content).toEqual(content);
    }
  });

  it("writes integers as asn1js does", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }), (value) => {
        const parsed = fromBER(arrayBufferOf(writeInteger(value)));
        expect(parsed.offset).toBe(writeInteger(value).length);
        expect((parsed.result as Integer).toBigInt()).toBe(value);
      }),
      { seed: 1, numRuns: 300 },
    );
    expect(writeInteger(0).toString("hex")).toBe("020100");
    expect(writeInteger(-129).toString("hex")).toBe("0202ff7f");
    expect(readSmallInteger(readDer(writeInteger(300)))).toBe(300);
  });

  it("writes unsigned octets without padding and never as a negative number", () => {
    expect(writeInteger(Buffer.from("000080", "hex")).toString("hex")).toBe("02020080");
    expect(writeInteger(Buffer.alloc(0)).toString("hex")).toBe("020100");
  });

  it("writes object identifiers as asn1js does", () => {
    for (const value of ["1.2.840.113549.1.7.2", "2.5.29.37", "0.9", "2.999.1", "1.3.6.1.4.1.311.2.1.4"]) {
      const written = writeObjectIdentifier(value);
      expect(readOid(readDer(written))).toBe(value);
      expect(written).toEqual(Buffer.from(new ObjectIdentifier({ value }).toBER()));
    }
  });

  it("sorts a SET OF", () => {
    const set = readDer(writeSetOf(writeInteger(5), writeInteger(1), writeNull(), writeBoolean(true)));
    expect(set.children.map((child) => child.tag)).toEqual([TAG.boolean, TAG.integer, TAG.integer, TAG.null]);
    expect(set.children[1]?.content[0]).toBe(1);
  });

  it("writes times by RFC 5280: two digits of year through 2049, four from 2050", () => {
    for (const text of ["1950-01-01T00:00:00.000Z", "2049-12-31T23:59:59.000Z", "2050-01-01T00:00:00.000Z"])
      expect(readTime(readDer(writeTime(new Date(text)))).toISOString()).toBe(text);
    expect(writeTime(new Date("2049-12-31T23:59:59Z"))[0]).toBe(TAG.utcTime);
    expect(writeTime(new Date("2050-01-01T00:00:00Z"))[0]).toBe(TAG.generalizedTime);
    expect(writeGeneralizedTime(new Date("2024-02-29T12:00:00Z")).toString("latin1", 2)).toBe(
      "20240229120000Z",
    );
  });

  it("writes text, bits and tags that read back", () => {
    expect(readText(readDer(writeBmpString("Grüße")))).toBe("Grüße");
    expect(readText(readDer(writeUtf8String("Grüße 🗝")))).toBe("Grüße 🗝");
    expect(writeBitString(Buffer.from([0xa0]), 5).toString("hex")).toBe("030205a0");
    expect(writeEnumerated(2).toString("hex")).toBe("0a0102");
    expect(readDer(writeContext(3, writeSequence(writeNull()))).tag).toBe(0xa3);
    expect(readDer(writeContextPrimitive(0, Buffer.from("x"))).tag).toBe(0x80);
    expect(readDer(retag(writeSetOf(writeNull()), 0xa0)).children).toHaveLength(1);
  });
});
