import { readFile } from "node:fs/promises";
import { collect, contentOf, corpusFile, NO_CORPUS, recordingContext, sourceOf } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { walk } from "../../descent/walk.fixture.ts";
import { buildPeImage, withCertificateTable, writeZip } from "../../replica/index.ts";
import type { Glimpse } from "../format.ts";
import { cutShort, lie, worstLayoutFindings } from "../layout-findings.ts";
import { readPeHeaders } from "./headers.ts";
import { pe } from "./index.ts";
import { withSection } from "./section.fixture.ts";

const GUID = Buffer.from("00112233445566778899aabbccddeeff", "hex");
const image = buildPeImage({
  version: {
    CompanyName: "Example",
    ProductName: "Demo",
    FileVersion: "1.2.3.4",
    OriginalFilename: "demo.exe",
  },
  buildGuid: GUID,
});

const glimpse = (bytes: Buffer): Glimpse => ({
  head: bytes.subarray(0, 4096),
  tail: bytes.subarray(-100),
  sizeBytes: bytes.length,
});

async function open(bytes: Buffer) {
  const { context, findings } = recordingContext();
  const members = [];
  for await (const member of pe.open?.(sourceOf(bytes), context) ?? []) members.push(member);
  return { members, findings };
}

const identify = (bytes: Buffer) => pe.identify?.(sourceOf(bytes), recordingContext().context);

function changed(bytes: Buffer, change: (copy: Buffer) => void): Buffer {
  const copy = Buffer.from(bytes);
  change(copy);
  return copy;
}

const SECTION_TABLE = 0x80 + 24 + 240;

describe("PE", () => {
  it("recognises images of both widths and no DOS program", () => {
    expect(pe.recognise(glimpse(image))).toBe(true);
    expect(pe.recognise(glimpse(buildPeImage({ magic: "pe32" })))).toBe(true);
    expect(pe.recognise(glimpse(changed(image, (copy) => copy.write("NE", 0x80))))).toBe(false);
    expect(pe.recognise(glimpse(Buffer.from("MZ")))).toBe(false);
  });

  it("recognises an image whose mark stands far behind, whatever the DOS header says of itself", async () => {
    const far = Buffer.concat([image.subarray(0, 0x80), Buffer.alloc(8192), image.subarray(0x80)]);
    far.writeUInt32LE(0x80 + 8192, 0x3c);
    far.writeUInt16LE(0, 0x18);
    expect(pe.recognise(glimpse(far))).toBe(true);
    expect((await readPeHeaders(sourceOf(far))).peOffsetBytes).toBe(0x80 + 8192);
  });

  it("takes a DOS program whose code looks like a place for what it is", async () => {
    const program = Buffer.alloc(20_000, 0x90);
    program.write("MZ", 0, "latin1");
    program.writeUInt16LE(0x1e, 0x18);
    program.writeUInt32LE(8192, 0x3c);
    expect(pe.recognise(glimpse(program))).toBe(true);
    const { context, findings, refinedTo } = recordingContext();
    for await (const _ of pe.open?.(sourceOf(program), context) ?? []) expect.unreachable();
    expect([findings, refinedTo()]).toEqual([[], "dos-program"]);
    expect(await identify(program)).toEqual({});
  });

  it("reads what an image says of itself", async () => {
    expect(await identify(image)).toEqual({
      product: "Demo",
      company: "Example",
      version: "1.2.3.4",
      originalName: "demo.exe",
      architecture: "x64",
      buildId: "33221100554477668899aabbccddeeff1",
      codeDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(await identify(buildPeImage({ magic: "pe32" }))).toEqual({ architecture: "x86" });
  });

  it("hands out the overlay with its place, without the certificate table", async () => {
    const overlay = Buffer.from("PK and more that installers keep here");
    const signed = withCertificateTable(buildPeImage({ overlay }), [{ pkcs7: Buffer.alloc(30, 0x30) }]);
    const { members, findings } = await open(signed);
    expect(findings).toEqual([]);
    expect(members.map(({ name }) => name)).toEqual(["overlay"]);
    const [member] = members;
    expect(member?.range?.offsetInParentBytes).toBe(buildPeImage().length);
    if (member !== undefined) expect((await contentOf(member)).subarray(0, overlay.length)).toEqual(overlay);
  });

  it("opens the section in which WinZip's self-extractors keep their archive", async () => {
    const archive = writeZip([{ name: "a.txt", bytes: Buffer.from("text") }]);
    const { members, bad } = await walk(withSection(buildPeImage(), "_winzip_", archive));
    expect(bad).toEqual([]);
    expect([...members.keys()].sort()).toEqual(["", "section _winzip_", "section _winzip_/a.txt"]);
  });

  it("has no overlay where only symbols stand, or the strings of a stripped image", async () => {
    const withSymbols = (count: number, strings: Buffer) => {
      const size = Buffer.alloc(4);
      size.writeUInt32LE(4 + strings.length);
      const file = Buffer.concat([image, Buffer.alloc(count * 18, 1), size, strings]);
      file.writeUInt32LE(image.length, 0x80 + 12);
      file.writeUInt32LE(count, 0x80 + 16);
      return file;
    };
    for (const count of [0, 3])
      expect((await open(withSymbols(count, Buffer.from(".eh_frame\0_main\0")))).members).toEqual([]);
    const hidden = withSymbols(1, Buffer.from("\x01\x02 a payload that calls itself strings"));
    expect((await open(hidden)).members.map(({ name }) => name)).toEqual(["overlay"]);
  });

  it("takes an installer's settings apart from the archive behind them", async () => {
    const block = (text: string) => `;!@Install@!UTF-8!\r\n${text}\r\n;!@InstallEnd@!`;
    const names = async (overlay: string) => {
      const { members } = await open(buildPeImage({ overlay: Buffer.from(overlay, "latin1") }));
      return Promise.all(
        members.map(async (member) => [member.name, (await contentOf(member)).toString("latin1")]),
      );
    };
    const settings = `\xef\xbb\xbf${block('RunProgram="a.exe"')}\r\n${block("b")}`;
    expect(await names(`${settings}7z and more`)).toEqual([
      ["overlay-settings", settings],
      ["overlay", "7z and more"],
    ]);
    expect(await names(settings)).toEqual([["overlay-settings", settings]]);
    const endless = ";!@Install@!UTF-8! that never ends";
    expect(await names(endless)).toEqual([["overlay", endless]]);
  });

  it("has no overlay where only a signing tool's padding stands", async () => {
    const odd = Buffer.concat([buildPeImage(), Buffer.alloc(0)]);
    expect((await open(withCertificateTable(odd, [{ pkcs7: Buffer.alloc(30, 0x30) }]))).members).toEqual([]);
  });

  it("has no overlay where only a debug record stands that its own directory lists", async () => {
    const built = buildPeImage({ buildGuid: GUID });
    const { sections } = await readPeHeaders(sourceOf(built));
    const directory = sections.find(({ name }) => name === ".rdata")?.rawOffsetBytes ?? 0;
    const moved = Buffer.concat([built, built.subarray(directory + 28, directory + 28 + 36)]);
    moved.writeUInt32LE(36, directory + 16);
    moved.writeUInt32LE(built.length, directory + 24);
    expect((await open(moved)).members).toEqual([]);
    expect((await open(Buffer.concat([moved, Buffer.from("x")]))).members.map(({ name }) => name)).toEqual([
      "overlay",
    ]);
    moved.writeUInt32LE(5, directory + 12);
    expect((await open(moved)).members.map(({ name }) => name)).toEqual(["overlay"]);
  });

  it("counts what hides as an overlay by its bytes", async () => {
    const [member] = (await open(Buffer.concat([image, Buffer.from("x")]))).members;
    expect(member === undefined ? undefined : await collect(member.content())).toEqual(Buffer.from("x"));
  });

  it("doubts sections that share bytes", async () => {
    const shared = changed(image, (copy: Buffer) => copy.writeUInt32LE(1024, SECTION_TABLE + 40 + 20));
    const because = "two sections share the same bytes of the file";
    expect((await open(shared)).findings).toContainEqual(
      expect.objectContaining({ check: "structure", outcome: "unknown", because }),
    );
  });

  it.each([
    [
      "a section inside the headers",
      (copy: Buffer) => copy.writeUInt32LE(64, SECTION_TABLE + 20),
      "inside the headers",
    ],
    [
      "a section table outside the headers",
      (copy: Buffer) => copy.writeUInt32LE(64, 0x80 + 24 + 60),
      "outside of what",
    ],
  ])("reports %s", async (_, change, because) => {
    const { findings } = await open(changed(image, change));
    expect(findings).toContainEqual(
      expect.objectContaining({
        check: "structure",
        outcome: "fail",
        because: expect.stringContaining(because),
      }),
    );
  });

  it.each([
    [
      "a section past the end",
      (copy: Buffer) => copy.writeUInt32LE(0x100_0000, SECTION_TABLE + 16),
      "past the end",
    ],
    [
      "headers larger than the file",
      (copy: Buffer) => copy.writeUInt32LE(0x7fff_ffff, 0x80 + 24 + 60),
      "larger than the file",
    ],
  ])("says that an image with %s is cut short", async (_, change, because) => {
    const { findings } = await open(changed(image, change));
    expect(findings).toContainEqual(
      expect.objectContaining({
        check: "opened",
        outcome: "unknown",
        because: expect.stringContaining(because),
      }),
    );
  });

  it("reports a lie though many sections are cut short", async () => {
    const many = Array.from({ length: 20 }, () => cutShort("a section", {}));
    expect(worstLayoutFindings([...many, lie("two sections", {})])[0]).toMatchObject({ outcome: "fail" });
  });

  it("refuses headers whose directories do not fit", async () => {
    const lying = changed(image, (copy) => copy.writeUInt16LE(120, 0x80 + 20));
    await expect(readPeHeaders(sourceOf(lying))).rejects.toMatchObject({ code: "artifact.malformed" });
  });

  const more = corpusFile("jsign/MORE.EXE");
  it.skipIf(more === undefined)(`leaves a real DOS program alone (${NO_CORPUS} otherwise)`, async () => {
    expect(pe.recognise(glimpse(await readFile(more ?? "")))).toBe(false);
  });
});
