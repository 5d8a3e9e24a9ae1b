import { describe, expect, it } from "vitest";
import { hostileSuite } from "../../long-tail/hostile.fixture.ts";
import { walkContainer } from "../container-walk.fixture.ts";
import { rar } from "./index.ts";
import { writeRar4, writeRar5 } from "./rar.fixture.ts";
import { sample } from "./sample.fixture.ts";

hostileSuite({ format: rar, sample: sample() });

describe.each([
  ["RAR 4", writeRar4],
  ["RAR 5", writeRar5],
])("a hostile archive of %s", (_, write) => {
  const file = (name: string, says: object = {}) => ({ name, content: Buffer.from("content"), ...says });
  const open = (...files: ReturnType<typeof file>[]) => walkContainer(rar, write(files));

  it("does not pass with a wrong checksum or size", async () => {
    expect((await open(file("a", { checksum: 1 }))).code).toBe("artifact.malformed");
    expect((await open(file("a", { claimedBytes: 8 }))).code).not.toBe("");
    expect((await open(file("a", { claimedBytes: 6 }))).code).not.toBe("");
    expect((await open(file("a", { claimedBytes: 2 ** 31 - 1 }))).code).not.toBe("");
  });

  it("reports names that climb, and one that is there twice", async () => {
    expect((await open(file("../a"))).findings).toMatchObject([
      { check: "member-names", facts: { escapes: true } },
    ]);
    expect((await open(file("a"), file("a"))).findings).toMatchObject([
      { check: "structure", because: "is there twice" },
    ]);
  });
});

it("reports links that leave, and files behind links", async () => {
  const link = { name: "out", content: Buffer.alloc(0), linkTarget: "../../etc" };
  const bytes = writeRar5([link, { name: "out/passwd", content: Buffer.from("x") }]);
  const { findings, members } = await walkContainer(rar, bytes);
  expect(findings.map(({ because }) => because)).toEqual([
    "links out of the archive",
    "leads through a link of the same archive",
  ]);
  expect(members.map(({ name }) => name)).toEqual(["out/passwd"]);
});
