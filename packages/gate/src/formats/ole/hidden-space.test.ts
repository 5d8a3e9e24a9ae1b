import { ArtifactError } from "@sallyport/core";
import { contentOf, recordingContext, sourceOf, testBudget } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { writeCompoundFile } from "../../replica/compound-file.ts";
import { writeMsi } from "../../replica/msi-package.ts";
import { writeZip } from "../../replica/zip-archive.ts";
import { ole } from "./index.ts";

const msi = writeMsi({
  product: "Demo",
  company: "Example Ltd",
  version: "1.2.3",
  folder: "Demo",
  files: [{ name: "a.exe", content: Buffer.alloc(9000, 1) }],
});
const plain = writeCompoundFile({
  children: [
    { name: "big", content: Buffer.alloc(10_000, 1) },
    { name: "small", content: Buffer.alloc(100, 2) },
    { name: "folder", content: { children: [{ name: "inner", content: Buffer.alloc(5000, 3) }] } },
  ],
});

async function open(bytes: Uint8Array) {
  const { context, findings } = recordingContext(testBudget({ milliseconds: 20_000 }));
  for await (const member of ole.open?.(sourceOf(bytes), context) ?? []) await contentOf(member);
  return findings.filter(({ outcome }) => outcome !== "pass");
}

/** Offsets that a test changes. */
const directoryAt = (bytes: Buffer): number => (bytes.readUInt32LE(48) + 1) * 512;
const fatAt = (bytes: Buffer): number => (bytes.readUInt32LE(76) + 1) * 512;

function changed(bytes: Buffer, change: (copy: Buffer) => void): Buffer {
  const copy = Buffer.from(bytes);
  change(copy);
  return copy;
}

describe("bytes that belong to no stream", () => {
  it("finds an archive appended to an installer (CVE-2020-1464)", async () => {
    const findings = await open(Buffer.concat([msi, Buffer.from("PK and more")]));
    expect(findings).toMatchObject([
      { check: "structure", outcome: "fail", facts: { offsetBytes: msi.length, lengthBytes: 11 } },
    ]);
  });

  it("finds an archive that ends in a stream's last sector", async () => {
    const archive = writeZip([{ name: "E.class", bytes: Buffer.from("harmless") }]);
    const behindBig = 512 + 10_000;
    const findings = await open(changed(plain, (copy) => archive.copy(copy, behindBig)));
    expect(findings).toMatchObject([{ check: "structure", outcome: "fail" }]);
    expect(await open(changed(plain, (copy) => copy.write("old memory", behindBig)))).toEqual([]);
  });

  it("finds whole sectors appended, which the allocation table has room for", async () => {
    const findings = await open(Buffer.concat([plain, Buffer.alloc(512, 7)]));
    expect(findings).toMatchObject([
      {
        because: "sectors that belong to no stream are not empty",
        facts: { offsetBytes: plain.length, lengthBytes: 512 },
      },
    ]);
  });

  it("finds sectors appended behind all that the allocation table describes", async () => {
    const findings = await open(Buffer.concat([plain, Buffer.alloc(200 * 512, 7)]));
    expect(findings).toContainEqual(
      expect.objectContaining({
        because: "it is longer than its allocation table says: bytes follow the last sector",
      }),
    );
  });

  it("accepts free sectors that are empty", async () => {
    expect(await open(Buffer.concat([plain, Buffer.alloc(512)]))).toEqual([]);
  });

  it("finds a chain that no entry leads to", async () => {
    const sector = plain.length / 512 - 1;
    const bytes = changed(Buffer.concat([plain, Buffer.alloc(512)]), (copy) => {
      copy.writeUInt32LE(0xfffffffe, fatAt(copy) + sector * 4);
    });
    expect(await open(bytes)).toMatchObject([
      {
        because: "sectors are marked as used, but nothing in its directory leads to them",
        facts: { sectors: 1 },
      },
    ]);
  });

  it("finds entries that no folder leads to, and what they hold", async () => {
    const bytes = changed(plain, (copy) => {
      // The root's tree loses all its entries.
      copy.writeUInt32LE(0xffffffff, directoryAt(copy) + 76);
    });
    const findings = await open(bytes);
    expect(findings).toContainEqual(
      expect.objectContaining({
        because: "its directory holds entries that no folder leads to",
        facts: { entries: 4 },
      }),
    );
  });

  it("finds something in an entry that is not in use", async () => {
    const bytes = changed(plain, (copy) => {
      copy.write("hidden", directoryAt(copy) + 5 * 128);
    });
    expect(await open(bytes)).toMatchObject([{ because: "unused entries of its directory are not empty" }]);
  });
});

describe("damaged and hostile compound files", () => {
  const malformed = { code: "artifact.malformed" };

  it("refuses a chain that loops", async () => {
    const bytes = changed(plain, (copy) => {
      const start = copy.readUInt32LE(directoryAt(copy) + 128 + 116);
      for (let sector = 0; sector < 40; sector += 1) {
        if (copy.readUInt32LE(fatAt(copy) + sector * 4) === 0xfffffffe)
          copy.writeUInt32LE(start, fatAt(copy) + sector * 4);
      }
    });
    await expect(open(bytes)).rejects.toMatchObject(malformed);
  });

  it("refuses two streams in the same sectors", async () => {
    const bytes = changed(plain, (copy) => {
      const at = directoryAt(copy);
      const starts = [1, 2, 3, 4].map((id) => copy.readUInt32LE(at + id * 128 + 116));
      const sizes = [1, 2, 3, 4].map((id) => copy.readUInt32LE(at + id * 128 + 120));
      const big = sizes.indexOf(10_000);
      copy.writeUInt32LE(starts[big] ?? 0, at + (sizes.indexOf(5000) + 1) * 128 + 116);
      copy.writeUInt32LE(10_000, at + (sizes.indexOf(5000) + 1) * 128 + 120);
    });
    await expect(open(bytes)).rejects.toMatchObject(malformed);
  });

  it.each([
    ["itself", 1],
    ["the root", 0],
    ["an entry that is not there", 5000],
  ])("refuses a sibling link to %s", async (_, target) => {
    const bytes = changed(plain, (copy) => {
      copy.writeUInt32LE(target, directoryAt(copy) + 128 + 68);
    });
    await expect(open(bytes)).rejects.toMatchObject(malformed);
  });

  it("refuses a DIFAT that loops", async () => {
    const large = writeCompoundFile({ children: [{ name: "a", content: Buffer.alloc(8_000_000) }] });
    const difat = large.readUInt32LE(68);
    const bytes = changed(large, (copy) => {
      copy.writeUInt32LE(difat, (difat + 2) * 512 - 4);
      copy.writeUInt32LE(4, 72);
    });
    await expect(open(bytes)).rejects.toBeInstanceOf(ArtifactError);
  });

  it("lists the streams of an installer whose tables lie", async () => {
    const bytes = changed(msi, (copy) => {
      const pool = copy.indexOf(Buffer.from("ProductName"));
      // Every length of the pool grows: the text is soon at its end.
      const entry = copy.indexOf(Buffer.from([11, 0, 1, 0]));
      expect(pool).toBeGreaterThan(0);
      copy.writeUInt16LE(0xffff, entry);
    });
    expect(await open(bytes)).toMatchObject([{ check: "structure", outcome: "fail" }]);
  });

  it.each([
    ["plain", plain],
    ["installer", msi],
  ])("answers a %s file cut at any sector with a typed error or a finding", async (_, bytes) => {
    for (let cut = 0; cut < bytes.length; cut += cut < 512 ? 37 : 256) {
      const answer = await open(bytes.subarray(0, cut)).catch((error: unknown) => error);
      if (answer instanceof Error) expect(answer, `cut at ${cut}`).toBeInstanceOf(ArtifactError);
      else expect((answer as unknown[]).length, `cut at ${cut}`).toBeGreaterThan(0);
    }
  });

  it.each([
    ["plain", plain],
    ["installer", msi],
  ])("survives flipped bytes in a %s file", async (_, bytes) => {
    let seed = 11;
    const places = [0, directoryAt(bytes), fatAt(bytes), (bytes.readUInt32LE(60) + 1) * 512];
    for (let round = 0; round < 400; round += 1) {
      const broken = changed(bytes, (copy) => {
        for (let flip = 0; flip < 2; flip += 1) {
          seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
          const place = places[(seed >>> 8) % places.length] ?? 0;
          copy[Math.min(place + ((seed >>> 12) % 512), copy.length - 1)] = (seed >>> 4) & 0xff;
        }
      });
      const answer = await open(broken).catch((error: unknown) => error);
      if (answer instanceof Error) expect(answer).toBeInstanceOf(ArtifactError);
    }
  });
});
