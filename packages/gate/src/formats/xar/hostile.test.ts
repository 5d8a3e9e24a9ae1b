import { deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { walkContainer } from "../container-walk.fixture.ts";
import { xar } from "./index.ts";
import { sample } from "./sample.fixture.ts";
import { buildXar } from "./xar.fixture.ts";

const OURS = /^artifact\.(?:truncated|malformed|over-limit|unsupported)$/;

describe("hostile xar archives", () => {
  it("end in our errors or findings when they are cut anywhere", async () => {
    const whole = sample();
    for (let cut = 0; cut < whole.length; cut += 3) {
      const { code, findings } = await walkContainer(xar, whole.subarray(0, cut));
      if (code === "") expect(findings.length, `cut at ${cut}`).toBeGreaterThan(0);
      else expect(code).toMatch(OURS);
    }
  });

  it("end in our errors or findings with any byte of the header changed, or are the same", async () => {
    const whole = sample();
    for (let at = 0; at < 28; at += 1)
      for (const bit of [1, 0x80, 0xff]) {
        const copy = Buffer.from(whole);
        copy.writeUInt8(copy.readUInt8(at) ^ bit, at);
        const { code, findings } = await walkContainer(xar, copy);
        expect(code !== "" || findings.length > 0, `byte ${at}`).toBe(true);
      }
  });

  it("stop at a table that grows beyond what its header says", async () => {
    const { bytes } = buildXar([{ name: "a".repeat(5000), content: Buffer.from("x") }]);
    bytes.writeBigUInt64BE(100n, 16);
    expect((await walkContainer(xar, bytes)).code).toBe("artifact.malformed");
    bytes.writeBigUInt64BE(2n ** 40n, 16);
    expect((await walkContainer(xar, bytes)).code).toBe("artifact.over-limit");
    bytes.writeBigUInt64BE(2n ** 63n, 16);
    expect((await walkContainer(xar, bytes)).code).toBe("artifact.malformed");
  });

  it("stop at folders in folders in folders", async () => {
    const table = `<xar><toc>${"<file><name>a</name>".repeat(300)}${"</file>".repeat(300)}</toc></xar>`;
    const { code } = await walkContainer(xar, buildXar([], { changeTable: () => table }).bytes);
    expect(code).toBe("artifact.over-limit");
  });

  it("stop at names that multiply", async () => {
    const inner = "<file><name>b</name><type>file</type></file>".repeat(1000);
    const table = `<xar><toc><file><name>${"a".repeat(70_000)}</name>${inner}</file></toc></xar>`;
    const { code } = await walkContainer(xar, buildXar([], { changeTable: () => table }).bytes);
    expect(code).toBe("artifact.over-limit");
  });

  it.each([
    ["a document type", '<!DOCTYPE xar [<!ENTITY a "b">]><xar><toc/></xar>'],
    [
      "numbers that are none",
      "<xar><toc><checksum><offset>-1</offset><size>0x20</size></checksum></toc></xar>",
    ],
    ["two tables", "<xar><toc/><toc/></xar>"],
    ["a file without a name", "<xar><toc><file/></toc></xar>"],
    ["two contents", "<xar><toc><file><name>a</name><data/><data/></file></toc></xar>"],
    ["something else altogether", "<html/>"],
  ])("refuse %s in the table", async (_, table) => {
    const { code } = await walkContainer(xar, buildXar([], { changeTable: () => table }).bytes);
    expect(code).toBe("artifact.malformed");
  });

  it("stop at a file that unpacks without end", async () => {
    const bomb = deflateSync(Buffer.alloc(50_000_000));
    const member = {
      name: "a",
      content: Buffer.alloc(10),
      packed: bomb,
      data: (xml: string) => xml.replace("<size>10", "<size>50000000"),
    };
    const { code } = await walkContainer(xar, buildXar([member]).bytes, { limits: { bytes: 1_000_000 } });
    expect(code).toBe("artifact.over-limit");
  });
});
