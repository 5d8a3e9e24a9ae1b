import { expect, it } from "vitest";
import { signXar, verify } from "./signing.fixture.ts";

const { bytes, heapAt, tableAt } = signXar();
const isBelieved = ({ signatures, findings }: Awaited<ReturnType<typeof verify>>): boolean =>
  signatures.length > 0 &&
  signatures.every(({ integrity, trust }) => integrity === "pass" && trust === "valid-now") &&
  findings.every(({ outcome }) => outcome === "pass");

it("answers a package cut anywhere, and believes none", async () => {
  for (let cut = 0; cut < bytes.length; cut += 41)
    expect(isBelieved(await verify(bytes.subarray(0, cut))), `cut at ${cut}`).toBe(false);
});

it("believes no package with a byte of its table, its signatures or its files changed", async () => {
  const believed: number[] = [];
  for (let at = tableAt; at < bytes.length; at += 3) {
    // The checksum that is stored is for readers; the signature is over the one that is computed.
    if (at >= heapAt && at < heapAt + 32) continue;
    const copy = Buffer.from(bytes);
    copy.writeUInt8(copy.readUInt8(at) ^ 0x21, at);
    if (isBelieved(await verify(copy))) believed.push(at);
  }
  // Left over: names of algorithms that CMS repeats beside the signer's own, which nothing uses.
  const cmsAt = heapAt + 32 + 256;
  expect(believed.filter((at) => at < cmsAt || at >= cmsAt + 4096)).toEqual([]);
  expect(believed.length).toBeLessThan(16);
});

it("answers numbers in the table that lead anywhere", async () => {
  for (const [from, to] of [
    ["<offset>32<", "<offset>999999999999<"],
    ["<size>256<", "<size>999999999999<"],
    ["<size>256<", "<size>0<"],
    ["<size>4096<", "<size>99999999<"],
  ] as const) {
    const changeTable = (xml: string) => xml.replace(from, to);
    expect(isBelieved(await verify(signXar({ changeTable }).bytes)), to).toBe(false);
  }
});

it("stops at signatures without end", async () => {
  const changeTable = (xml: string) => xml.replace(/<signature .*?<\/signature>/, (one) => one.repeat(100));
  const { findings } = await verify(signXar({ changeTable }).bytes);
  expect(findings).toMatchObject([{ check: "integrity", outcome: "fail" }]);
});

it("stops when the time is up", async () => {
  await expect(verify(bytes, { milliseconds: -1 })).rejects.toMatchObject({ code: "artifact.over-limit" });
});
