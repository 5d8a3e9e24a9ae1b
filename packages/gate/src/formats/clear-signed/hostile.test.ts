import { clearSign, makeKey, packet } from "@sallyport/openpgp/signing.fixture";
import { contentOf, recordingContext, sourceOf } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { clearSigned } from "./index.ts";

const TEXT = "a harmless line of text\nand another\n";
const SIGNED = clearSign(makeKey(), TEXT).toString();

async function open(bytes: Buffer | string) {
  const { context, findings } = recordingContext();
  const source = sourceOf(Buffer.from(bytes));
  const texts: string[] = [];
  let code: unknown = "";
  try {
    for await (const member of clearSigned.open?.(source, context) ?? [])
      texts.push((await contentOf(member)).toString());
  } catch (error) {
    code = (error as { code?: unknown }).code;
  }
  return { texts, findings, code };
}

const recognises = (text: string): boolean => {
  const bytes = Buffer.from(text);
  return clearSigned.recognise({ head: bytes, tail: bytes, sizeBytes: bytes.length });
};

describe("the signed text", () => {
  it("is what was signed, and nothing else", async () => {
    expect(await open(SIGNED)).toEqual({ texts: [TEXT], findings: [], code: "" });
    const loose = SIGNED.replace("line of text\n", "line of text  \t\r\n");
    expect(await open(loose)).toEqual({ texts: [TEXT], findings: [], code: "" });
    const escaped = SIGNED.replace("and another", "- -----BEGIN PGP SIGNATURE-----\n- - a list");
    expect((await open(escaped)).texts).toEqual([
      "a harmless line of text\n-----BEGIN PGP SIGNATURE-----\n- a list\n",
    ]);
  });

  it("may be empty", async () => {
    const empty = clearSign(makeKey(), "");
    expect(await open(empty)).toMatchObject({ findings: [], code: "" });
  });

  it.each([
    ["text in front", `Suite: evil\n${SIGNED}`, /in front of the signed text/],
    ["text behind", `${SIGNED}Suite: evil\n`, /behind its signature/],
    ["a second message behind", `${SIGNED}${SIGNED}`, /behind its signature/],
    [
      "another header",
      SIGNED.replace("Hash: SHA512", "Hash: SHA512\nComment: trust me"),
      /header that nobody signed/,
    ],
    [
      "a header that hides text",
      SIGNED.replace("Hash: SHA512", "Hash: SHA512 trust me"),
      /header that nobody signed/,
    ],
    [
      "a digest that is none",
      SIGNED.replace("Hash: SHA512", "Hash: SHA512, run-this-now"),
      /header that nobody signed/,
    ],
    [
      "a book in front of its signature",
      SIGNED.replace("SIGNATURE-----\n", `SIGNATURE-----\n${"Comment: trust me\n".repeat(60)}`),
      /bytes for signatures that need/,
    ],
    [
      "something beside its signature",
      SIGNED.replace(
        /(?<=SIGNATURE-----\n\n)([^-]+)/,
        (text) =>
          `${Buffer.concat([Buffer.from(text, "base64"), packet(21, Buffer.alloc(4000, "x"))]).toString("base64")}\n`,
      ),
      /bytes for signatures that need/,
    ],
    ["spaces for the empty line", SIGNED.replace("SHA512\n\n", "SHA512\n \n"), /no empty line/],
  ])("has a structure that lies with %s", async (_, text, because) => {
    const { findings } = await open(text);
    expect(findings).toMatchObject([
      { check: "structure", outcome: "fail", because: expect.stringMatching(because) },
    ]);
  });

  it.each([
    ["a dash that is not escaped", SIGNED.replace("and another", "-and another"), "artifact.malformed"],
    [
      "a mark of another kind",
      SIGNED.replace("and another", "-----BEGIN PGP MESSAGE-----"),
      "artifact.malformed",
    ],
    ["no signature", SIGNED.replace(/-----BEGIN PGP SIGNATURE[\s\S]*/, ""), "artifact.truncated"],
    ["endless headers", SIGNED.replace("Hash: SHA512\n", "Hash: SHA512\n".repeat(100)), "artifact.malformed"],
    [
      "a signature that is none",
      SIGNED.replace(/\n\n[A-Za-z0-9+/=\n]+-----END/, "\n\nAAAA\n-----END"),
      "artifact.malformed",
    ],
  ])("is not read with %s", async (_, text, code) => {
    expect((await open(text)).code).toBe(code);
  });

  it("cut off anywhere is our error", async () => {
    for (let length = 0; length < SIGNED.length - 1; length += 1)
      expect((await open(SIGNED.slice(0, length))).code, `${length} bytes`).toMatch(/^artifact\./);
  });

  it("of many short lines takes no more than linear time", async () => {
    const many = SIGNED.replace("and another", "x\n".repeat(500_000));
    expect((await open(many)).texts[0]?.length).toBeGreaterThan(1_000_000);
  });
});

describe("recognition", () => {
  it("goes by the mark at the beginning, or by the end of a signature", () => {
    expect(recognises(SIGNED)).toBe(true);
    expect(recognises(`\n\n${SIGNED}`)).toBe(true);
    expect(recognises(`\ufeff${SIGNED}`)).toBe(true);
    expect(recognises(`Suite: evil\n${SIGNED}`)).toBe(true);
    expect(recognises(`From: a@example.org\nSubject: hello\n\n${SIGNED}`)).toBe(false);
  });

  it("does not take text about such files for one", () => {
    expect(recognises(`How to verify:\n\n${SIGNED}\nThat is all.\n`)).toBe(false);
    expect(recognises(`x ${SIGNED}`)).toBe(false);
    expect(recognises("-----BEGIN PGP SIGNATURE-----\n")).toBe(false);
  });
});
