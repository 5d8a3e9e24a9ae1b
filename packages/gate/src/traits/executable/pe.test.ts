import { Budget, MemorySource } from "@sallyport/core";
import { describe, expect, it } from "vitest";
import { readPeFacts } from "../../formats/pe/executable.ts";
import { buildImage, codeBytes, denseBytes, type ImageRequest } from "./image.fixture.ts";

const read = (request: ImageRequest) => readPeFacts(new MemorySource(buildImage(request)), new Budget());

describe("facts of a Windows image", () => {
  it.each(["pe32", "pe32+"] as const)("hold imports, delayed ones and ordinals: %s", async (magic) => {
    const facts = await read({
      magic,
      imports: ["KERNEL32!ExitProcess", "WS2_32!#23", "KERNEL32!Sleep"],
      lateImports: ["WINHTTP!WinHttpOpen"],
    });
    expect(facts.imports).toEqual({
      names: ["kernel32!ExitProcess", "kernel32!Sleep", "winhttp!WinHttpOpen", "ws2_32!#23"],
      count: 4,
    });
    expect(facts.lateImports.names).toEqual(["winhttp!WinHttpOpen"]);
    expect(facts.libraries.names).toEqual(["kernel32", "winhttp", "ws2_32"]);
  });

  it.each(["pe32", "pe32+"] as const)("hold exports, forwards and callbacks: %s", async (magic) => {
    const facts = await read({
      magic,
      isLibrary: true,
      exports: ["Decode", "Open → other.Open"],
      tlsCallbacks: [16, 99_999_999],
    });
    expect(facts.role).toBe("library");
    expect(facts.exports.names).toEqual(["Decode", "Open"]);
    expect(facts.forwards.names).toEqual(["Open → other.Open"]);
    expect(facts.initialisers.entries).toEqual([
      { kind: "tls-callback", address: 4096 + 16, region: 0 },
      { kind: "tls-callback", address: 4096 + 99_999_999, region: -1 },
    ]);
  });

  it("hold imports that give power, however many harmless ones there are", async () => {
    const many = Array.from({ length: 6000 }, (_, index) => `aaa!HarmlessFunction${index}`);
    const { imports } = await read({ imports: [...many, "ws2_32!connect"] });
    expect(imports.count).toBe(6001);
    expect(imports.names.length).toBeLessThan(6001);
    expect(imports.names.at(-1)).toBe("ws2_32!connect");
    expect(imports.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it("hold the link id, the time and the place of the build", async () => {
    const facts = await read({
      guid: Buffer.alloc(16, 7),
      timestamp: 1_700_000_000,
      pdbPath: "C:\\build\\a.pdb",
    });
    expect(facts).toMatchObject({
      linkId: `${"07".repeat(16)}1`,
      linkedAt: 1_700_000_000,
      buildMarks: { linker: ["14.29"], "build-path": ["C:\\build\\a.pdb"] },
      unreadable: [],
    });
  });

  it("hold what stands in the padding of a section, and only what is more than filling", async () => {
    const text = codeBytes(1000);
    text.fill(0xcc, 900);
    text.write("jump", 990);
    const facts = await read({ sections: [{ name: ".text", bytes: text, memoryBytes: 900, access: "r-x" }] });
    expect(facts.regions[0]?.padding).toMatchObject({ usedBytes: 100 });
    expect(
      (await read({ sections: [{ name: ".text", bytes: codeBytes(1000), access: "r-x" }] })).regions[0],
    ).not.toHaveProperty("padding");
  });

  it("hold where the first instructions lead when they leave their section", async () => {
    const text = codeBytes();
    text.writeUInt8(0xe9, 0);
    text.writeInt32LE(32, 1);
    text.writeUInt8(0xe9, 37);
    text.writeInt32LE(2 * 64 * 1024, 38);
    const sections = [
      { name: ".text", bytes: text, access: "r-x" },
      { name: ".data", bytes: Buffer.alloc(128 * 1024), access: "rw-" },
    ];
    expect((await read({ sections })).entry).toMatchObject({ region: 0, leadsTo: 1, offsetBytes: 1024 });
    text.writeInt32LE(64, 38);
    expect((await read({ sections })).entry).not.toHaveProperty("leadsTo");
  });

  it("hold overlay and resources by what they look like", async () => {
    const facts = await read({
      overlay: denseBytes(4096),
      resources: [{ type: 10, name: 5, bytes: Buffer.from("plain text in a resource") }],
    });
    expect(facts.overlay).toMatchObject({ sizeBytes: 4096, looksLike: "data" });
    expect(facts.overlay?.entropy).toBeGreaterThan(7.5);
    expect(facts.resources.entries).toEqual([
      expect.objectContaining({ id: "RCDATA/5/1033", looksLike: "text", sizeBytes: 24 }),
    ]);
  });
});
