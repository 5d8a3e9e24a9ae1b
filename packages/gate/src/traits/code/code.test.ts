import { describe, expect, it } from "vitest";
import { alarms, compareImages } from "../executable/compare.fixture.ts";
import { buildImage, codeBytes, type ImageRequest } from "../executable/image.fixture.ts";
import { code } from "./index.ts";

const GUID = Buffer.alloc(16, 7);
const text = (bytes: Buffer) => [{ name: ".text", bytes, access: "r-x" }];

function patched(at = 5000): Buffer {
  const bytes = codeBytes();
  bytes.write("other instructions", at);
  return bytes;
}

const judge = async (before: ImageRequest | Buffer, after: ImageRequest | Buffer): Promise<string[]> =>
  alarms(await compareImages(code, before, after));

describe("code under the linker's id of the old release", () => {
  it("is refused when it was patched in", async () => {
    const [difference] = await compareImages(
      code,
      { guid: GUID, sections: text(codeBytes()) },
      { guid: GUID, sections: text(patched()) },
    );
    expect(difference).toMatchObject({
      rule: "patched-after-linking",
      risk: "critical",
      after: { offsetBytes: 1024 + 4096 },
      facts: { changedBlocks: 1, blocks: 16 },
    });
  });

  it("is refused when all of a small program's code changed and nothing else did", async () => {
    const small = (seed: number, memoryBytes: number) => [
      { name: ".text", bytes: codeBytes(6000, seed), memoryBytes, access: "r-x" },
    ];
    expect(
      await judge({ guid: GUID, sections: small(1, 5800) }, { guid: GUID, sections: small(2, 5900) }),
    ).toEqual(["critical patched-after-linking"]);
  });

  it("is a tool's fixed id when hardly a block was kept", async () => {
    expect(
      await judge(
        { guid: GUID, sections: text(codeBytes(64 * 1024, 1)) },
        { guid: GUID, sections: text(codeBytes(72 * 1024, 2)) },
      ),
    ).toEqual(["low link-id-reused"]);
  });

  it("is left alone by signing, resources, other data and a new overlay", async () => {
    const before = buildImage({ guid: GUID });
    expect(
      await judge(before, {
        guid: GUID,
        resources: [{ type: 10, name: 1, bytes: Buffer.from("new text") }],
        overlay: Buffer.from("overlay"),
      }),
    ).toEqual([]);
  });
});

describe("code without such an id", () => {
  it("is held when few places changed and the time or the data says that nothing was linked", async () => {
    expect(await judge({ sections: text(codeBytes()) }, { sections: text(patched()) })).toEqual([
      "high patched-in-place",
    ]);
    expect(
      await judge(
        { timestamp: 1_700_000_000, sections: text(codeBytes()) },
        { timestamp: 1_700_000_000, sections: text(patched()) },
      ),
    ).toEqual(["high patched-in-place"]);
  });

  it("is shown when only the id was written anew", async () => {
    expect(
      await judge(
        { guid: GUID, timestamp: 1_700_000_000, sections: text(codeBytes()) },
        { guid: Buffer.alloc(16, 8), timestamp: 1_700_000_000, sections: text(patched()) },
      ),
    ).toEqual(["medium patched-in-place"]);
  });
});

describe("an ordinary new build", () => {
  it("is silent, whatever of its code changed", async () => {
    for (const sections of [text(patched()), text(codeBytes(64 * 1024, 5)), text(codeBytes(80_000, 6))])
      expect(
        await judge(
          { guid: GUID, timestamp: 1_700_000_000, sections: text(codeBytes()) },
          { guid: Buffer.alloc(16, 8), timestamp: 1_710_000_000, sections },
        ),
      ).toEqual([]);
  });

  it("is silent without an id, when all code moved", async () => {
    expect(
      await judge({ sections: text(codeBytes(64 * 1024, 1)) }, { sections: text(codeBytes(64 * 1024, 2)) }),
    ).toEqual([]);
  });
});

describe("the padding behind code", () => {
  const padded = (filling: Buffer) => ({
    guid: GUID,
    sections: [
      { name: ".text", bytes: Buffer.concat([codeBytes(1000), filling]), memoryBytes: 1000, access: "r-x" },
    ],
  });
  it("is held when it holds something, and held nothing", async () => {
    expect(await judge(padded(Buffer.alloc(24)), padded(codeBytes(24, 9)))).toEqual(["high code-in-padding"]);
  });
  it("is silent when the linker always leaves something there", async () => {
    expect(await judge(padded(codeBytes(24, 8)), padded(codeBytes(24, 9)))).toEqual([]);
  });
});
