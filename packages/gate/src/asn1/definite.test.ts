import { describe, expect, it } from "vitest";
import { makeDefinite } from "./definite.ts";
import { readDer } from "./der.ts";

const hex = (text: string) => Buffer.from(text.replaceAll(" ", ""), "hex");
const definite = (text: string) => makeDefinite(hex(text)).der.toString("hex");

describe("making BER definite", () => {
  it("leaves DER as it stands, byte for byte", () => {
    const bytes = hex("3006 0201 05 0401 61");
    const { der, sizeBytes } = makeDefinite(bytes);
    expect(der.buffer).toBe(bytes.buffer);
    expect(sizeBytes).toBe(8);
  });

  it("gives every value a length, and tells what follows it", () => {
    expect(definite("3080 0201 05 a080 0401 61 0000 0000")).toBe("30080201 05a003040161".replaceAll(" ", ""));
    expect(makeDefinite(hex("3080 0000 ff"))).toMatchObject({ sizeBytes: 4 });
  });

  it("rewrites a definite value around an indefinite one, also where both are equally long", () => {
    const content = Buffer.alloc(300, 7).toString("hex");
    const inner = `3080 0482012c ${content} 0000`;
    const outer = makeDefinite(hex(`30820134 ${inner}`)).der;
    expect(readDer(outer).children[0]?.children[0]?.content.toString("hex")).toBe(content);
  });

  it("joins an OCTET STRING in pieces", () => {
    expect(definite("2480 0402 6162 0401 63 0000")).toBe("0403616263");
  });

  it.each([
    ["nothing", ""],
    ["an end that never comes", "3080 0201 05"],
    ["a primitive value without a length", "0480 0000"],
    ["an OCTET STRING of other things", "2480 0201 05 0000"],
    ["a length past the end", "3003 0201"],
    ["a length of five bytes", "3085 0000000001 00"],
  ])("refuses %s", (_, text) => {
    expect(() => definite(text)).toThrowError(expect.objectContaining({ code: "artifact.malformed" }));
  });

  it("refuses nesting without end", () => {
    expect(() => makeDefinite(Buffer.concat(Array.from({ length: 5000 }, () => hex("3080"))))).toThrowError(
      expect.objectContaining({ code: "artifact.malformed" }),
    );
  });
});
