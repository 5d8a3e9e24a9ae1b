import { expect, it } from "vitest";
import { fatOf, REQUIREMENTS, signMachO, verify } from "./signing.fixture.ts";

const { bytes, signatureAt } = signMachO({
  digests: ["sha1", "sha256"],
  special: new Map([[2, REQUIREMENTS]]),
});
const superBytes = bytes.readUInt32BE(signatureAt + 4);
const isBelieved = ({ signatures, findings }: Awaited<ReturnType<typeof verify>>): boolean =>
  signatures.length > 0 &&
  signatures.every(({ integrity, trust }) => integrity === "pass" && trust === "valid-now") &&
  findings.every(({ outcome }) => outcome === "pass");

it("answers a file cut anywhere, and believes none", async () => {
  for (let cut = 0; cut < bytes.length; cut += 97)
    expect(isBelieved(await verify(bytes.subarray(0, cut))), `cut at ${cut}`).toBe(false);
});

it("answers every flipped byte of the signature, and believes none that the signature covers", async () => {
  const believed: number[] = [];
  for (let at = signatureAt; at < signatureAt + superBytes; at += 1) {
    const copy = Buffer.from(bytes);
    copy.writeUInt8(copy.readUInt8(at) ^ 0x21, at);
    if (isBelieved(await verify(copy))) believed.push(at);
  }
  // A length that takes in some of the zeros behind it, and the NULL beside an algorithm's name: neither means anything.
  const meaningless = believed.filter((at) => at < signatureAt + 8 || bytes.readUInt16BE(at) === 0x0500);
  expect(believed).toEqual(meaningless);
});

it("answers every index, offset and length being a lie", async () => {
  const values = [0, 1, 7, 12, 0x7fff_ffff, 0xffff_ffff, superBytes, superBytes + 1];
  for (let at = signatureAt; at < signatureAt + 200; at += 4)
    for (const value of values) {
      const copy = Buffer.from(bytes);
      copy.writeUInt32BE(value, at);
      const isSame = copy.equals(bytes) || (at === signatureAt + 4 && value === superBytes + 1);
      expect(isBelieved(await verify(copy)), `${value} at ${at - signatureAt}`).toBe(isSame);
    }
});

it("believes no signature of another program", async () => {
  const other = signMachO({ identifier: "other" }).bytes;
  const moved = Buffer.from(bytes);
  other.copy(moved, signatureAt, signatureAt);
  moved.write("another program", signatureAt - 100);
  expect(isBelieved(await verify(moved))).toBe(false);
});

it("answers a universal file that is damaged anywhere", async () => {
  const fat = fatOf([{}, {}]);
  for (let at = 0; at < fat.length; at += 211) {
    const copy = Buffer.from(fat);
    copy.writeUInt8(copy.readUInt8(at) ^ 0xff, at);
    await verify(copy);
  }
});

it("stops when the time is up", async () => {
  await expect(verify(bytes, { milliseconds: -1 })).rejects.toMatchObject({ code: "artifact.over-limit" });
});
