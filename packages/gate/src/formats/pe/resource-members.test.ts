import { contentOf, recordingContext, sourceOf } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { buildPeImage, writeCabinet, writeZip } from "../../replica/index.ts";
import { readPeHeaders } from "./headers.ts";
import { pe } from "./index.ts";
import { findResource } from "./resources.ts";
import { withResources } from "./section.fixture.ts";

const inner = buildPeImage({ magic: "pe32" });
const archive = writeZip([{ name: "a.txt", bytes: Buffer.from("text") }]);
const cabinet = writeCabinet({ files: [{ name: "a", content: Buffer.from("text") }] });
const resources = [
  { type: 10, name: 101, bytes: inner },
  { type: "DATA", name: "../..\\up", bytes: archive },
  { type: 2, name: 1, bytes: cabinet },
  { type: 10, name: "TFORM", bytes: Buffer.from("TPF0 a form, which is no file".repeat(4)) },
  { type: 10, name: 7, bytes: Buffer.from("377abcaf271c0004".padEnd(200, "0"), "hex") },
];
const image = withResources(buildPeImage(), resources);

async function open(bytes: Buffer) {
  const { context, findings } = recordingContext();
  const members = [];
  for await (const member of pe.open?.(sourceOf(bytes), context) ?? []) members.push(member);
  return { members, findings };
}

describe("resources of a program", () => {
  it("become members when they are files, whatever type they claim", async () => {
    const { members, findings } = await open(image);
    expect(findings).toEqual([]);
    expect(members.map(({ name }) => name)).toEqual([
      "resources/RCDATA/101/1033",
      "resources/DATA/______up/1033",
      "resources/BITMAP/1/1033",
      "resources/RCDATA/7/1033",
    ]);
    const contents = await Promise.all(members.slice(0, 3).map(contentOf));
    expect(contents).toEqual([inner, archive, cabinet]);
  });

  it("are found by type and name", async () => {
    const headers = await readPeHeaders(sourceOf(image));
    const found = await findResource(sourceOf(image), headers, 10, 7);
    expect(found?.sizeBytes).toBe(resources[4]?.bytes.length);
    expect(await findResource(sourceOf(image), headers, 10, 8)).toBeUndefined();
    expect(await findResource(sourceOf(image), headers, 2, 1)).toMatchObject({ sizeBytes: cabinet.length });
  });

  it("open what was found before the tree breaks", async () => {
    const broken = Buffer.from(image);
    const rsrc = (await readPeHeaders(sourceOf(image))).sections.find(({ name }) => name === ".rsrc");
    broken.writeUInt32LE(0xffff_fff0, (rsrc?.rawOffsetBytes ?? 0) + 16 + 8 + 4);
    expect((await open(broken)).members.map(({ name }) => name)).toEqual(["resources/RCDATA/101/1033"]);
  });
});
