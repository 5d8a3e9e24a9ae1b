import { collect, sourceOf, testBudget } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { openZipLookup } from "./lookup.ts";
import { buildZip, descriptor } from "./zip.fixture.ts";

const text = Buffer.from("some text, some text");
const open = (bytes: Buffer, limits = {}) => openZipLookup(sourceOf(bytes), testBudget(limits));
const code = (wanted: string) => expect.objectContaining({ code: wanted });

describe("looking members up", () => {
  it("finds packed, stored and described members by their exact names", async () => {
    const zip = await open(
      buildZip([
        { name: "a", bytes: text },
        { name: "b", bytes: text, method: 0 },
        { name: "c", bytes: text, after: descriptor(text) },
      ]),
    );
    for (const name of ["a", "b", "c"]) {
      const entry = zip.find(name);
      if (entry === undefined) throw new Error(`no ${name}`);
      expect(await zip.read(entry, 100)).toEqual(text);
      expect(await collect(zip.content(entry))).toEqual(text);
      await expect(zip.read(entry, 5)).rejects.toThrow(code("artifact.over-limit"));
    }
    expect(zip.find("A")).toBeUndefined();
    expect(zip.entries).toHaveLength(3);
  });

  it("finds them where offsets count from the beginning of a program around the archive", async () => {
    const prefix = Buffer.from("MZ and so on");
    const whole = buildZip([{ name: "a", bytes: text }], { prefix });
    const zip = await open(whole.subarray(prefix.length));
    const entry = zip.find("a");
    if (entry === undefined) throw new Error("no a");
    expect(await zip.read(entry, 100)).toEqual(text);
  });

  it("spends what it unpacks", async () => {
    const zip = await open(buildZip([{ name: "a", bytes: text }]), { bytes: 10 });
    const [entry] = zip.entries;
    if (entry === undefined) throw new Error("nothing");
    await expect(zip.read(entry, 100)).rejects.toThrow(code("artifact.over-limit"));
  });

  it.each([
    ["another name in its header", { localName: "b" }],
    ["another checksum", { crc: 5 }],
    ["a size that is too small", { sizeBytes: 3 }],
    ["a size that is too large", { sizeBytes: 300 }],
    ["bytes behind its packed data", { packed: Buffer.concat([Buffer.from([3, 0]), text]), sizeBytes: 0 }],
  ])("refuses a member with %s", async (_name, lie) => {
    const zip = await open(buildZip([{ name: "a", bytes: text, ...lie }]));
    const [entry] = zip.entries;
    if (entry === undefined) throw new Error("nothing");
    await expect(zip.read(entry, 1000)).rejects.toThrow(code("artifact.malformed"));
  });

  it("refuses a name that is there twice, whichever is meant", async () => {
    const zip = await open(
      buildZip([
        { name: "a", bytes: text },
        { name: "a", bytes: Buffer.from("other") },
      ]),
    );
    expect(() => zip.find("a")).toThrow(code("artifact.malformed"));
  });

  it("meets every truncation with an error it knows", async () => {
    const whole = buildZip([{ name: "a", bytes: text }]);
    for (let length = 0; length < whole.length; length += 1)
      await expect(open(whole.subarray(0, length))).rejects.toThrow(
        expect.objectContaining({ code: expect.stringMatching(/^artifact\./) }),
      );
  });
});
