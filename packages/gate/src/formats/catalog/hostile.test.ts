/** Catalogs that are cut short, changed, too large, or lists of something else. */
import { recordingContext, sourceOf, testBudget } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { writeSequence } from "../../asn1/write.ts";
import { writeCatalog } from "../../replica/catalog.ts";
import { walkContainer } from "../container-walk.fixture.ts";
import { catalog } from "./index.ts";
import { sample } from "./sample.fixture.ts";

const recognise = (bytes: Buffer) =>
  catalog.recognise({ head: bytes.subarray(0, 4096), tail: bytes, sizeBytes: bytes.length });

const many = writeCatalog({
  members: Array.from({ length: 3000 }, (_, index) => ({
    digest: Buffer.alloc(32, index % 251),
    algorithm: "sha256" as const,
  })),
});

describe("hostile catalogs", () => {
  it("answers every cut and every flip", async () => {
    const whole = sample();
    for (let at = 0; at < whole.length; at += 1) {
      const cut = whole.subarray(0, at);
      if (recognise(cut)) expect((await walkContainer(catalog, cut)).code).toBe("artifact.malformed");
      const flipped = Buffer.from(whole);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
      await walkContainer(catalog, flipped);
    }
  });

  it("is known by its first bytes, whatever lengths they claim", () => {
    const head = many.subarray(0, 200);
    expect(recognise(head)).toBe(true);
    for (let length = 0; length < 90; length += 1) recognise(head.subarray(0, length));
    for (const bytes of [
      Buffer.alloc(4096, 0x30),
      Buffer.from("30ff", "hex"),
      Buffer.from("3084ffffffff06", "hex"),
    ])
      expect(recognise(bytes)).toBe(false);
  });

  it("is not taken for a catalog when it lists something else, or is signed over something else", () => {
    expect(recognise(writeCatalog({ members: [], usage: "1.3.6.1.4.1.311.10.3.9" }))).toBe(false);
    expect(recognise(writeSequence(writeSequence()))).toBe(false);
  });

  it("finds what follows it", async () => {
    const whole = sample();
    const { findings } = await walkContainer(catalog, Buffer.concat([whole, Buffer.from("PK hidden")]));
    expect(findings).toMatchObject([
      { check: "structure", outcome: "fail", facts: { offsetBytes: whole.length, lengthBytes: 9 } },
      { check: "structure", outcome: "pass" },
    ]);
    expect((await walkContainer(catalog, Buffer.concat([whole, Buffer.alloc(7)]))).findings).toHaveLength(1);
  });

  it("holds no more than memory is given for", async () => {
    const { code } = await walkContainer(catalog, many, { maxHeldBytes: 2 ** 16 });
    expect(code).toBe("artifact.over-limit");
    const { findings } = await walkContainer(catalog, many);
    expect(findings).toMatchObject([{ outcome: "pass", facts: { members: 3000, version: 2 } }]);
    const small = recordingContext(testBudget());
    const members = catalog.open?.(sourceOf(many), { ...small.context, maxHeldBytes: 100 });
    await expect(Array.fromAsync(members ?? [])).rejects.toMatchObject({ code: "artifact.over-limit" });
  });
});
