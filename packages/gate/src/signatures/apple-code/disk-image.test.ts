import { sourceOf, verifyContext } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { buildDmg } from "../../formats/dmg/dmg.fixture.ts";
import { appleCode } from "./index.ts";
import { buildSuperBlob, NOW, REQUIREMENTS, type SigningShape, trust } from "./signing.fixture.ts";

const verify = (bytes: Buffer) =>
  appleCode.verify(sourceOf(bytes), verifyContext({ trust, now: NOW, format: "dmg" }));
const sign = (shape: SigningShape = {}, behind = Buffer.alloc(0)): Buffer =>
  buildDmg({
    partitions: [{ runs: [{ content: Buffer.alloc(2048, "content ") }] }],
    behind,
    signature: (code, trailer) =>
      buildSuperBlob(code, {
        pageBits: 0,
        special: new Map([[2, REQUIREMENTS]]),
        specific: trailer,
        ...shape,
      }),
  });

describe("a signed disk image", () => {
  it("is believed, its trailer included", async () => {
    const { signatures, findings } = await verify(sign());
    expect(findings).toEqual([]);
    expect(signatures).toMatchObject([
      { integrity: "pass", trust: "valid-now", facts: { pageBytes: 0, outside: [] } },
    ]);
  });

  it("fails with any byte of it changed", async () => {
    const bytes = sign();
    for (const at of [10, 500, bytes.length - 500, bytes.length - 20]) {
      const copy = Buffer.from(bytes);
      copy.writeUInt8(copy.readUInt8(at) ^ 1, at);
      const { signatures, findings } = await verify(copy);
      const isBelieved = signatures.length > 0 && findings.length === 0;
      expect(isBelieved, `byte ${at}`).toBe(false);
    }
  });

  it("fails when nothing covers its trailer", async () => {
    const { findings } = await verify(sign({ specific: undefined }));
    expect(findings).toMatchObject([{ check: "integrity", outcome: "fail" }]);
    expect(findings[0]?.because).toMatch(/nothing covers a part of it: trailer/);
  });

  it("says that bytes stand behind its signature", async () => {
    const { findings } = await verify(sign({}, Buffer.from("hidden")));
    expect(findings).toContainEqual(
      expect.objectContaining({
        check: "certificate-table",
        because: expect.stringMatching(/does not end where the trailer begins/),
      }),
    );
  });

  it("is nobody's without a signature", async () => {
    const bytes = buildDmg({ partitions: [{ runs: [{ content: Buffer.alloc(512) }] }] });
    expect(await verify(bytes)).toEqual({ signatures: [], findings: [] });
  });
});
