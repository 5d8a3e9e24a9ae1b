import { Budget, MemorySource } from "@sallyport/core";
import { buildPeImage } from "@sallyport/gate/replica";
import { describe, expect, it } from "vitest";
import { readPeFacts } from "../../../packages/gate/src/formats/pe/executable.ts";
import {
  addImports,
  addSection,
  addThreadCallback,
  FLAGS,
  layoutOf,
  patchEntryPoint,
  withEntryPoint,
} from "./pe.ts";
import { addResource } from "./pe-resource.ts";

const image = buildPeImage({
  content: Buffer.concat([Buffer.alloc(2000, 0x90), Buffer.alloc(600)]),
  version: { ProductName: "Example" },
});

const read = (bytes: Buffer) => readPeFacts(new MemorySource(bytes), new Budget());

describe("edited programs for Windows", () => {
  it("keep a section table that fits the file", () => {
    const { image: edited, address } = addSection(image, ".added", FLAGS.data, () => Buffer.alloc(5000, 1));
    const { sections } = layoutOf(edited);
    expect(sections.map(({ name }) => name)).toEqual([".text", ".rsrc", ".added"]);
    expect(sections.at(-1)).toMatchObject({ address, virtualBytes: 5000, rawBytes: 5120 });
    expect(edited.length).toBe((sections.at(-1)?.offset ?? 0) + 5120);
  });

  it("begin elsewhere", () => {
    expect(withEntryPoint(image, 0x2000).readUInt32LE(layoutOf(image).optional + 16)).toBe(0x2000);
  });

  it("jump from the entry point into the filling behind the code", () => {
    const edited = patchEntryPoint(image);
    const [text] = layoutOf(edited).sections;
    expect(edited[text?.offset ?? 0]).toBe(0xe9);
    expect(edited.length).toBe(image.length);
  });

  it("gain imports, a callback and a resource that the product's own reader finds", async () => {
    const imports = await read(addImports(image, "KERNEL32.dll", ["Sleep"]));
    expect(imports.imports.names).toEqual(["kernel32!Sleep"]);
    const callback = await read(addThreadCallback(image));
    expect(callback.initialisers.counts).toEqual({ "tls-callback": 1 });
    const before = await read(image);
    const after = await read(addResource(image, [10, 4242, 1033], Buffer.alloc(100, 1)));
    const ids = new Set(before.resources.entries.map(({ id }) => id));
    expect(after.resources.entries.filter(({ id }) => ids.has(id))).toHaveLength(ids.size);
    expect(after.resources.entries.filter(({ id }) => !ids.has(id))).toMatchObject([{ sizeBytes: 100 }]);
  });
});
