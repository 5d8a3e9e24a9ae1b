import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import { describe, expect, it } from "vitest";
import { claimsOf } from "../long-tail/listing.ts";
import { takeApart } from "../manifests/package.fixture.ts";
import { writeAsar } from "./asar/asar.fixture.ts";
import { buildCpio, type CpioKind } from "./cpio/cpio.fixture.ts";
import { attributesOf, dosSeconds } from "./member-attributes.ts";
import { buildZip, field } from "./zip/zip.fixture.ts";

const attributesIn = async (bytes: Uint8Array) =>
  Object.fromEntries((await takeApart(bytes)).members.map(({ path, attributes }) => [path, attributes]));

describe("what containers say of their members", () => {
  it("is rights and time in a tar, pax's time and capabilities before the header's", async () => {
    const archive = pack();
    const mtime = new Date("2024-02-03T04:05:06Z");
    archive.entry({ name: "plain", mode: 0o4755, mtime }, "one");
    const pax = { mtime: "1700000000.5", "SCHILY.xattr.security.capability": "\u0001\u0000" };
    archive.entry({ name: "more", mode: 0o644, mtime, pax }, "two");
    archive.finalize();
    expect(await attributesIn(gzipSync(await buffer(archive)))).toMatchObject({
      "content/plain": { unixMode: 0o4755, modifiedAt: "2024-02-03T04:05:06.000Z" },
      "content/more": { unixMode: 0o644, modifiedAt: "2023-11-14T22:13:20.000Z", capabilities: "0100" },
    });
  });

  it.each<CpioKind>(["newc", "crc", "odc", "binary", "binary-big"])(
    "is rights in a cpio of the kind %s",
    async (kind) => {
      const found = await attributesIn(buildCpio(kind, [{ name: "a", mode: 0o104755, bytes: "content" }]));
      expect(found).toMatchObject({ a: { unixMode: 0o4755 } });
    },
  );

  it("is the executable mark in an asar", async () => {
    const content = Buffer.from("x");
    const files = [
      { name: "a", content, says: { executable: true } },
      { name: "b", content: Buffer.from("y") },
    ];
    expect(await attributesIn(writeAsar(files))).toEqual({ a: { unixMode: 0o755 }, b: { unixMode: 0o644 } });
  });

  it("is rights in a zip that has them, and the time of Info-ZIP's field", async () => {
    const time = Buffer.alloc(5);
    time.writeUInt8(1);
    time.writeUInt32LE(1_700_000_000, 1);
    const extra = field(0x5455, time);
    const bytes = Buffer.from("text");
    const found = await attributesIn(
      buildZip([
        { name: "a", bytes, madeBy: 3, attributes: 0o104755 * 0x10000, extra, localExtra: extra },
        { name: "b", bytes },
      ]),
    );
    expect(found.a).toEqual({ unixMode: 0o4755, modifiedAt: "2023-11-14T22:13:20.000Z" });
    expect(found.b?.unixMode).toBeUndefined();
  });

  it.each([
    ["Attributes", "A -rwsr-xr-t", 0o5755],
    ["Mode", "-rw-r-Sr--", 0o2644],
    ["Attributes", "A", undefined],
  ])("is what 7-Zip writes as %s = %s", (name, text, mode) => {
    const properties = new Map([
      [name, text],
      ["Modified", "2026-01-31 12:00:00.5000000"],
    ]);
    const claims = claimsOf({ name: "a", sizeBytes: 1, kind: "file", hasContent: true, properties });
    expect(claims).toEqual({ mode, modifiedSeconds: Date.UTC(2026, 0, 31, 12) / 1000 });
  });
});

describe("attributesOf", () => {
  it("leaves out what is not claimed, and times that are none", () => {
    expect(attributesOf({})).toEqual({});
    expect(attributesOf({ mode: 0o100644, modifiedSeconds: 1e15 })).toEqual({
      attributes: { unixMode: 0o644 },
    });
    expect(attributesOf({ modifiedSeconds: -1, capabilities: "" })).toEqual({});
  });
});

it("reads MS-DOS's dates, and none where there is none", () => {
  expect(dosSeconds((44 << 9) | (2 << 5) | 3, (4 << 11) | (5 << 5) | 3)).toBe(
    Date.UTC(2024, 1, 3, 4, 5, 6) / 1000,
  );
  expect(dosSeconds(0, 0)).toBeUndefined();
});
