import { describe, expect, it } from "vitest";
import { writeObjectIdentifier } from "../../asn1/write.ts";
import { designatedRequirement } from "./requirement.ts";
import { blob } from "./signing.fixture.ts";

const word = (...values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, 4 * index);
  return bytes;
};
const data = (content: string | Buffer): Buffer => {
  const bytes = Buffer.from(content);
  return Buffer.concat([word(bytes.length), bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
};
const oid = (text: string) => writeObjectIdentifier(text).subarray(2);
const set = (expression: Buffer, type = 3): Buffer => {
  const requirement = blob(0xfade0c00, Buffer.concat([word(1), expression]));
  return blob(0xfade0c01, Buffer.concat([word(1, type, 20), requirement]));
};

describe("requirements", () => {
  it("are written out as csreq writes them", () => {
    const expression = Buffer.concat([
      word(6, 6, 2),
      data("com.example.demo"),
      word(15),
      word(7, 14, 1),
      data(oid("1.2.840.113635.100.6.2.6")),
      word(0, 11, 0),
      data("subject.OU"),
      word(1),
      data("TEAM123456"),
    ]);
    expect(designatedRequirement(set(expression))).toBe(
      '((identifier "com.example.demo" and anchor apple generic) and ' +
        '(certificate 1[field.1.2.840.113635.100.6.2.6] exists or certificate leaf[subject.OU] = "TEAM123456"))',
    );
  });

  it.each([
    ["a hash", Buffer.concat([word(8), data(Buffer.from("0102", "hex"))]), 'cdhash H"0102"'],
    ["what must not be", word(9, 3), "! anchor apple"],
    [
      "a beginning",
      Buffer.concat([word(10), data("CFBundleName"), word(3), data("De")]),
      'info[CFBundleName] = "De"*',
    ],
  ])("say %s", (_, expression, text) => {
    expect(designatedRequirement(set(expression))).toBe(text);
  });

  it("may be for something else alone", () => {
    expect(designatedRequirement(set(word(1), 2))).toBeUndefined();
  });

  it.each([
    ["cut short", Buffer.concat([word(2), word(500)])],
    ["nested without end", word(...new Array<number>(500).fill(9))],
    ["made of what nobody knows", word(99)],
  ])("are refused when they are %s", (_, expression) => {
    expect(() => designatedRequirement(set(expression))).toThrowError(
      expect.objectContaining({ code: expect.stringMatching(/^artifact\.(?:malformed|unsupported)$/) }),
    );
  });

  it("end in our errors where they are cut", () => {
    const whole = set(Buffer.concat([word(6, 3, 2), data("com.example")]));
    // The last byte only fills a word.
    for (let cut = 0; cut < whole.length - 1; cut += 1)
      expect(() => designatedRequirement(whole.subarray(0, cut))).toThrowError(/damaged|another kind/);
  });
});
