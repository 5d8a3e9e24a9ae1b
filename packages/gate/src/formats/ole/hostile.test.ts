/** Compound files that are cut short, changed, or lie about their summaries, sizes and depth. */
import { SallyportError } from "@sallyport/core";
import { recordingContext, sourceOf } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { type CompoundChild, writeCompoundFile } from "../../replica/compound-file.ts";
import { walkContainer } from "../container-walk.fixture.ts";
import { ole } from "./index.ts";
import { writePatch, writeTransform } from "./patch.fixture.ts";
import { sample } from "./sample.fixture.ts";

async function readAll(bytes: Buffer) {
  const walk = await walkContainer(ole, bytes);
  try {
    await ole.identify?.(sourceOf(bytes), recordingContext().context);
  } catch (error) {
    if (!(error instanceof SallyportError)) throw error;
  }
  return walk;
}

const isSilent = ({ code, findings }: Awaited<ReturnType<typeof readAll>>) =>
  code === "" && findings.every(({ outcome }) => outcome === "pass");

describe.each([
  ["installer", sample()],
  ["patch", writePatch()],
  ["transform", writeTransform()],
])("a hostile %s", (_, bytes) => {
  it("is never read in silence when it is cut short", async () => {
    for (let end = 0; end < bytes.length; end += 61)
      expect(isSilent(await readAll(bytes.subarray(0, end)))).toBe(false);
  });

  it("ends in our errors or findings when bytes of it change", async () => {
    for (let at = 0; at < bytes.length; at += 5) {
      const damaged = Buffer.from(bytes);
      damaged[at] = (damaged[at] ?? 0) ^ (1 << (at % 8));
      await readAll(damaged);
    }
  });

  it("ends in our errors or findings when every number in it is the largest", async () => {
    for (let at = 0; at + 4 <= bytes.length; at += 12) {
      const damaged = Buffer.from(bytes);
      damaged.writeUInt32LE(0xffffffff, at);
      await readAll(damaged);
      damaged.writeUInt32LE(0x7fffffff, at);
      await readAll(damaged);
    }
  });
});

describe("hostile compound files", () => {
  const patchWith = (summary: Buffer) => {
    const children: CompoundChild[] = [{ name: "\u0005SummaryInformation", content: summary }];
    const classId = Buffer.from("86100c0000000000c000000000000046", "hex");
    return writeCompoundFile({ classId, children });
  };

  it("says that a summary cannot be read", async () => {
    const summary = Buffer.alloc(200);
    summary.writeUInt16LE(0xfffe, 0);
    summary.writeUInt32LE(48, 44);
    const lies: readonly [at: number, value: number][] = [
      [44, 0xfffffff0],
      [52, 0xffffffff],
      [52, 900],
      [52, 19],
    ];
    for (const [at, value] of lies) {
      const lie = Buffer.from(summary).fill(0xff, 60);
      lie.writeUInt32LE(value, at);
      expect((await readAll(patchWith(lie))).findings).toMatchObject([
        { check: "opened", outcome: "unknown" },
      ]);
    }
    expect((await readAll(patchWith(Buffer.alloc(10)))).findings).toMatchObject([{ outcome: "unknown" }]);
    expect(isSilent(await readAll(patchWith(summary)))).toBe(true);
  });

  it("goes down through storages inside storages", async () => {
    let inner: CompoundChild = { name: "stream", content: Buffer.from("deep") };
    for (let depth = 0; depth < 20; depth += 1) inner = { name: "s", content: { children: [inner] } };
    const { members } = await readAll(writeCompoundFile({ children: [inner] }));
    expect(members).toMatchObject([{ name: `${"s/".repeat(20)}stream` }]);
  });

  it("judges the names of streams", async () => {
    const children = ["..", "a\\b", "con"].map((name) => ({ name, content: Buffer.from("x") }));
    const { findings } = await readAll(writeCompoundFile({ children }));
    expect(findings.map(({ check, outcome }) => `${check} ${outcome}`)).toEqual([
      "member-names fail",
      "member-names fail",
      "member-names fail",
    ]);
  });
});
