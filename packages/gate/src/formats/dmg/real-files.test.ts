/** An image of Apple's tools, and images made here, compared with what 7-Zip sees in them. */

import { readFile } from "node:fs/promises";
import { constants, deflateSync } from "node:zlib";
import { contentOf, corpusFile, NO_CORPUS, recordingContext, sourceOf } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { openBySevenZip } from "../../long-tail/index.ts";
import { walkContainer } from "../container-walk.fixture.ts";
import { buildDmg } from "./dmg.fixture.ts";
import { dmg } from "./index.ts";
import { RUN } from "./partitions.ts";

async function readBySevenZip(bytes: Buffer): Promise<Buffer[]> {
  const { context } = recordingContext();
  const found: Buffer[] = [];
  for await (const member of openBySevenZip(sourceOf(bytes), context, { type: "Dmg", holds: "file-system" }))
    found.push(await contentOf(member));
  return found;
}

/** 7-Zip shows a disk that is one partition as one file, and of several each. */
async function expectSame(bytes: Buffer): Promise<void> {
  const { members, findings, code, message } = await walkContainer(dmg, bytes);
  expect({ findings, code, message }).toEqual({ findings: [], code: "", message: "" });
  const own = members.filter(({ name }) => !name.startsWith("unused-")).map((member) => member.bytes);
  const others = await readBySevenZip(bytes);
  expect(others.length).toBeGreaterThan(0);
  for (const other of others) expect(own.some((one) => one.equals(other))).toBe(true);
}

describe("disk images", () => {
  const file = corpusFile("relic/packages/dummy.dmg");
  it.skipIf(file === undefined)(
    `of Apple's tools are read as 7-Zip reads them (${NO_CORPUS} otherwise)`,
    async () => {
      await expectSame(await readFile(file ?? ""));
    },
  );

  const content = Buffer.alloc(512 * 300, "some content of a partition ");
  it.each([
    ["plain", { kind: RUN.raw, content }],
    ["zlib", { content, packed: deflateSync(content, { level: constants.Z_BEST_COMPRESSION }) }],
    [
      "ADC",
      {
        kind: RUN.adc,
        content: Buffer.alloc(512, "abcdefgh"),
        packed: Buffer.from(`876162636465666768${"1c07"}${"7f0007".repeat(7)}550007`, "hex"),
      },
    ],
  ])("with runs of %s are read as 7-Zip reads them", async (_, run) => {
    await expectSame(buildDmg({ partitions: [{ runs: [run] }] }));
  });
});
