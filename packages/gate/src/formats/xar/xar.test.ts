import { deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { walkContainer } from "../container-walk.fixture.ts";
import { xar } from "./index.ts";
import { sample } from "./sample.fixture.ts";
import { buildXar, type XarMemberShape, type XarShape } from "./xar.fixture.ts";

const TEXT = Buffer.from("a line of harmless text\n".repeat(40));
const open = (members: readonly XarMemberShape[], shape?: XarShape) =>
  walkContainer(xar, buildXar(members, shape).bytes);
const lies = async (members: readonly XarMemberShape[], shape?: XarShape) =>
  (await open(members, shape)).findings.map(
    ({ check, outcome, because }) => `${check} ${outcome}: ${because}`,
  );

describe("a xar archive", () => {
  it("opens, names a package, and believes what the package says of itself for what it is", async () => {
    const { members, findings, refinedTo, identity } = await walkContainer(xar, sample());
    expect(findings).toEqual([]);
    expect(members.map(({ name }) => name)).toEqual(["PackageInfo", "Resources/a.txt", "Resources/b.txt"]);
    expect(refinedTo).toBe("pkg");
    expect(identity).toEqual({ product: "com.example.demo", version: "1.2" });
  });

  it("takes title and version of a product from its Distribution", async () => {
    const content = Buffer.from(
      '<installer-gui-script><title>Demo</title><product id="x" version="3"/></installer-gui-script>',
    );
    const { identity } = await open([{ name: "Distribution", content }]);
    expect(identity).toEqual({ product: "Demo", version: "3" });
  });

  it("is no package without a description, and none claims when it cannot be read", async () => {
    expect((await open([{ name: "a", content: TEXT }])).refinedTo).toBeUndefined();
    const { refinedTo, identity } = await open([{ name: "PackageInfo", content: TEXT }]);
    expect({ refinedTo, identity }).toEqual({ refinedTo: "pkg", identity: {} });
  });

  it.each<[string, XarShape]>([
    ["no checksum", { style: "none" }],
    ["SHA-256 by its number", { style: "sha256" }],
    ["SHA-256 by its name", { style: "sha256", headerName: "sha256" }],
  ])("opens with %s", async (_, shape) => {
    const { members, findings } = await open([{ name: "a", content: TEXT }], shape);
    expect(findings).toEqual([]);
    expect(members[0]?.bytes.equals(TEXT)).toBe(true);
  });

  it("lets two files share the same bytes", async () => {
    const shared = (xml: string) =>
      xml.replace('<file id="2"><type>', `<file id="2">${/<data>.*?<\/data>/.exec(xml)?.[0]}<type>`);
    const members = [
      { name: "a", content: TEXT },
      { name: "b", type: "file" },
    ];
    const { findings, members: found } = await open(members, { changeTable: shared });
    expect(findings).toEqual([]);
    expect(found.map(({ bytes }) => bytes.equals(TEXT))).toEqual([true, true]);
  });

  it("takes a stapled ticket for what it is", async () => {
    const ticket = Buffer.from("s8ch and more");
    const trailer = (type: number, length: number) => {
      const bytes = Buffer.alloc(16);
      bytes.write("t8lr");
      bytes.writeUInt16LE(1, 4);
      bytes.writeUInt16LE(type, 6);
      bytes.writeUInt32LE(length, 8);
      return bytes;
    };
    const tail = Buffer.concat([trailer(1, 0), ticket, trailer(2, ticket.length)]);
    expect(await lies([{ name: "a", content: TEXT }], { tail })).toEqual([]);
    const long = Buffer.concat([trailer(1, 0), ticket, trailer(2, ticket.length - 1)]);
    expect(await lies([{ name: "a", content: TEXT }], { tail: long })).toEqual([
      expect.stringMatching(/bytes after its end/),
    ]);
  });
});

describe("a xar archive that lies", () => {
  it.each<[string, readonly XarMemberShape[], XarShape, RegExp]>([
    [
      "bytes behind its heap",
      [{ name: "a", content: TEXT }],
      { tail: Buffer.from("x") },
      /1 bytes after its end/,
    ],
    ["another checksum in its header", [], { style: "sha1", headerNumber: 0 }, /name different checksums/],
    [
      "bytes between its files",
      [{ name: "a", content: TEXT, data: (xml) => xml.replace(/<offset>\d+/, "<offset>23") }],
      {},
      /between its files/,
    ],
    [
      "two files over the same bytes",
      [
        { name: "a", content: TEXT, encoding: "application/octet-stream" },
        {
          name: "b",
          content: TEXT,
          encoding: "application/octet-stream",
          data: (xml) => xml.replace(/<offset>(\d+)/, (_, at) => `<offset>${Number(at) - 5}`),
        },
      ],
      {},
      /share some of the same bytes/,
    ],
    [
      "one name twice",
      [
        { name: "a", content: TEXT },
        { name: "a", content: TEXT },
      ],
      {},
      /is there twice/,
    ],
    ["a name that climbs", [{ name: "../a", content: TEXT }], {}, /climbs/],
    ["a link that climbs", [{ name: "a", type: "symlink", link: "../../b" }], {}, /links out/],
  ])("has %s", async (_, members, shape, because) => {
    expect(await lies(members, shape)).toContainEqual(expect.stringMatching(because));
  });

  it("says that the stored checksum of its table is another", async () => {
    const { bytes, heapAt } = buildXar([{ name: "a", content: TEXT }]);
    bytes.writeUInt8(bytes.readUInt8(heapAt) ^ 1, heapAt);
    expect((await walkContainer(xar, bytes)).findings).toMatchObject([
      { check: "structure", outcome: "fail", because: expect.stringMatching(/checksum that is stored/) },
    ]);
  });

  it.each<[string, XarMemberShape, string]>([
    [
      "an archived checksum that differs",
      { name: "a", content: TEXT, data: (xml) => xml.replace(/(archived-checksum style="sha1">)../, "$100") },
      "artifact.malformed",
    ],
    [
      "an extracted checksum that differs",
      {
        name: "a",
        content: TEXT,
        data: (xml) => xml.replace(/(extracted-checksum style="sha1">)../, "$100"),
      },
      "artifact.malformed",
    ],
    [
      "more content than it says",
      { name: "a", content: TEXT, data: (xml) => xml.replace(/<size>\d+/, "<size>5") },
      "artifact.malformed",
    ],
    [
      "bytes behind its compressed data",
      { name: "a", content: TEXT, packed: Buffer.concat([deflateSync(TEXT), Buffer.from("hidden")]) },
      "artifact.malformed",
    ],
    [
      "an unknown encoding",
      { name: "a", content: TEXT, encoding: "application/x-other" },
      "artifact.unsupported",
    ],
    [
      "a place past the end",
      { name: "a", content: TEXT, data: (xml) => xml.replace(/<offset>\d+/, "<offset>99999") },
      "artifact.truncated",
    ],
  ])("does not open a file with %s", async (_, member, code) => {
    expect((await open([member])).code).toBe(code);
  });
});
