import { describe, expect, it } from "vitest";
import { alarms, compareImages } from "../executable/compare.fixture.ts";
import { codeBytes, denseBytes, type ImageRequest } from "../executable/image.fixture.ts";
import { sections } from "./index.ts";

const judge = async (before: ImageRequest, after: ImageRequest): Promise<string[]> =>
  alarms(await compareImages(sections, before, after));

const text = (bytes = codeBytes(), access = "r-x") => ({ name: ".text", bytes, access });
const rebuilt = () => text(codeBytes(70_000, 5));
const part = (name: string, access: string, bytes = codeBytes(4096, 3)) => ({ name, access, bytes });
const [OLD, NEW] = [{ guid: Buffer.alloc(16, 1) }, { guid: Buffer.alloc(16, 2) }];

describe("sections", () => {
  it("that can be written and run are held, and refused when nothing was linked anew", async () => {
    const before = { ...OLD, sections: [text()] };
    expect(await judge(before, { ...NEW, sections: [rebuilt(), part(".x", "rwx")] })).toEqual([
      "high writable-code-added",
    ]);
    expect(await judge(before, { ...OLD, sections: [text(), part(".x", "rwx")] })).toEqual([
      "critical writable-code-added",
    ]);
  });

  it("that appeared after linking are refused when they can be run", async () => {
    const before = { ...OLD, sections: [text()] };
    expect(await judge(before, { ...OLD, sections: [text(), part(".x", "r-x")] })).toEqual([
      "critical section-added-after-linking",
    ]);
  });

  it("are held when they gain the right to be run or turn unreadable", async () => {
    expect(
      await judge(
        { ...OLD, sections: [text(), part(".d", "rw-")] },
        { ...NEW, sections: [rebuilt(), part(".d", "rwx")] },
      ),
    ).toEqual(["high rights-gained"]);
    expect(
      await judge({ ...OLD, sections: [text()] }, { ...NEW, sections: [text(denseBytes(70_000))] }),
    ).toEqual(["high code-turned-dense"]);
  });
});

describe("an ordinary new build", () => {
  it("may bring new sections of data, and code that a new compiler keeps apart", async () => {
    const before = { ...OLD, sections: [text()] };
    expect(await judge(before, { ...NEW, sections: [rebuilt(), part(".fptable", "rw-")] })).toEqual([]);
    expect(await judge(before, { ...NEW, sections: [rebuilt(), part("malloc_h", "r-x")] })).toEqual([
      "low code-section-added",
    ]);
  });

  it("may get resources after it was linked", async () => {
    const before = { ...OLD, sections: [text()] };
    const resources = [{ type: 16, name: 1, bytes: Buffer.from("version") }];
    expect(await judge(before, { ...before, resources })).toEqual([]);
  });
});
