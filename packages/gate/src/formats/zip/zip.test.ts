import { Budget, hasCode, MemorySource } from "@sallyport/core";
import { expect, it } from "vitest";
import type { Finding } from "../../finding.ts";
import { writeZip } from "../../replica/zip-archive.ts";
import { zip } from "./index.ts";

async function walk(bytes: Buffer) {
  const findings: Finding[] = [];
  const texts: string[] = [];
  let code = "";
  const context = {
    budget: new Budget(),
    report: (finding: Finding) => findings.push(finding),
    refineFormat: () => {},
    claimIdentity: () => undefined,
    offsetInParentBytes: 0,
    memberNames: undefined,
    maxHeldBytes: 1 << 24,
  };
  try {
    for await (const member of zip.open?.(new MemorySource(bytes), context) ?? []) {
      const pieces: Uint8Array[] = [];
      for await (const piece of member.range?.source.stream() ?? member.content()) pieces.push(piece);
      texts.push(`${member.name}=${Buffer.concat(pieces)}`);
    }
  } catch (error) {
    if (
      !hasCode(
        error,
        "artifact.truncated",
        "artifact.malformed",
        "artifact.unsupported",
        "artifact.encrypted",
        "artifact.over-limit",
      )
    )
      throw error;
    code = String(error.code);
  }
  return { findings, texts, code };
}

const whole = writeZip([
  { name: "a.txt", bytes: Buffer.from("first ".repeat(20)) },
  { name: "b.txt", bytes: Buffer.from("second"), stored: true },
]);

it("reads a decent archive without a finding", async () => {
  const { findings, texts, code } = await walk(whole);
  expect({ findings, code }).toEqual({ findings: [], code: "" });
  expect(texts).toEqual([`a.txt=${"first ".repeat(20)}`, "b.txt=second"]);
});

it("never passes a truncated archive silently", async () => {
  for (let length = 0; length < whole.length; length += 1) {
    const { code, findings } = await walk(whole.subarray(0, length));
    expect(code !== "" || findings.length > 0, `cut at ${length}`).toBe(true);
  }
});

it("answers flipped bytes with findings or our errors only", async () => {
  for (let at = 0; at < whole.length; at += 1) {
    const flipped = Buffer.from(whole);
    flipped.writeUInt8(flipped.readUInt8(at) ^ 0xff, at);
    await walk(flipped);
  }
});

it("reports bytes before and after, twins, and names that leave their folder", async () => {
  const twins = writeZip([
    { name: "../x", bytes: Buffer.from("1") },
    { name: "../x", bytes: Buffer.from("2") },
  ]);
  const { findings } = await walk(twins);
  expect(findings.some(({ check, facts }) => check === "member-names" && facts.escapes === true)).toBe(true);
  expect(findings.some(({ because }) => because === "is there twice")).toBe(true);
  for (const extended of [
    Buffer.concat([Buffer.from("junk"), whole]),
    Buffer.concat([whole, Buffer.from("junk")]),
  ])
    expect((await walk(extended)).findings.some(({ check }) => check === "structure")).toBe(true);
});
