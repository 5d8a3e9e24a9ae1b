import { gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { walkContainer } from "../container-walk.fixture.ts";
import { buildCpio } from "../cpio/cpio.fixture.ts";
import { SAMPLE_TEXT } from "../sample-text.fixture.ts";
import { rpm } from "./index.ts";
import { cpioOf, FILES, fileTags, type RpmFile, type RpmParts, writeRpm } from "./rpm.fixture.ts";
import { TAG } from "./tags.ts";

const open = (parts: RpmParts, options?: Parameters<typeof walkContainer>[2]) =>
  walkContainer(rpm, writeRpm(parts), options);

const [FOLDER, TEXT, LINK] = FILES as readonly [RpmFile, RpmFile, RpmFile];

it("reads a decent package: names from header and payload, scriptlets, identity", async () => {
  const { members, findings, code, identity } = await open({ tags: [[1024, "ldconfig"]] });
  expect({ findings, code }).toEqual({ findings: [], code: "" });
  expect(members.map(({ name, bytes }) => [name, bytes.toString()])).toEqual([
    ["%post", "ldconfig"],
    ["usr/share/sample/a.txt", SAMPLE_TEXT.toString()],
  ]);
  expect(identity).toEqual({
    product: "sample",
    version: "1.2-3",
    architecture: "noarch",
    company: "Example Makers",
  });
});

it("reads stripped payloads, whose names and sizes stand in the header alone", async () => {
  const parts = [{ fileIndex: 0 }, { fileIndex: 1, bytes: SAMPLE_TEXT }, { fileIndex: 2, bytes: "a.txt" }];
  const payload = zstdCompressSync(buildCpio("stripped", parts));
  const compressor = [TAG.payloadCompressor, "zstd"] as const;
  const sizes = [TAG.fileSizes, { int32: [4096, SAMPLE_TEXT.length, 5] }] as const;
  const { members, findings, code } = await open({ payload, tags: [compressor, sizes] });
  expect({ findings, code }).toEqual({ findings: [], code: "" });
  expect(members.map(({ name }) => name)).toEqual(["usr/share/sample/a.txt"]);
  const beyond = zstdCompressSync(buildCpio("stripped", [{ fileIndex: 3 }]));
  expect((await open({ payload: beyond, tags: [compressor] })).code).toBe("artifact.malformed");
});

it("takes the content of hard links where the last of them has it", async () => {
  const files = [TEXT, { ...TEXT, name: "/usr/share/sample/b.txt" }];
  const tags = [
    [TAG.fileInodes, { int32: [7, 7] }],
    [TAG.fileDevices, { int32: [1, 1] }],
  ] as const;
  const first = { name: `.${TEXT.name}`, bytes: "" };
  const second = { name: "./usr/share/sample/b.txt", bytes: SAMPLE_TEXT };
  const decent = await open({ files, tags, payload: gzipSync(buildCpio("newc", [first, second])) });
  expect({ findings: decent.findings, code: decent.code }).toEqual({ findings: [], code: "" });
  const lying = await open({ files, payload: gzipSync(buildCpio("newc", [first, second])) });
  expect(lying.findings).toMatchObject([
    { check: "structure", outcome: "fail", because: expect.stringContaining("another size") },
  ]);
});

describe("what header and payload do not agree on", () => {
  const payloadOf = (...files: RpmFile[]) => gzipSync(cpioOf(files));
  const LIES: [string, RpmParts, string][] = [
    [
      "a file that the header does not list",
      { payload: payloadOf(FOLDER, TEXT, LINK, { name: "/etc/hidden", bytes: "x" }) },
      "not in the header's list",
    ],
    ["a file that the payload lacks", { payload: payloadOf(FOLDER, LINK) }, "not in the payload"],
    [
      "content with another digest",
      { payload: payloadOf(FOLDER, { ...TEXT, bytes: Buffer.alloc(SAMPLE_TEXT.length, "x") }, LINK) },
      "does not have the digest",
    ],
    [
      "another size",
      { payload: payloadOf(FOLDER, { ...TEXT, bytes: "short" }, LINK) },
      "another size in the header",
    ],
    [
      "another target of a link",
      { payload: payloadOf(FOLDER, TEXT, { ...LINK, linkTarget: "b.txt" }) },
      "links to another place",
    ],
    ["another kind", { payload: payloadOf(FOLDER, TEXT, { ...LINK, mode: 0o100644 }) }, "of another kind"],
    [
      "a right to act as the owner",
      { payload: payloadOf(FOLDER, { ...TEXT, mode: 0o104755 }, LINK) },
      "has more rights in the payload",
    ],
    [
      "a file that the header says is never there",
      { payload: payloadOf(FOLDER, TEXT, LINK), tags: [[TAG.fileFlags, { int32: [0, 1 << 6, 0] }]] },
      "says that it never is",
    ],
    ["a file twice", { payload: payloadOf(FOLDER, TEXT, TEXT, LINK) }, "is there twice"],
    [
      "bytes behind the archive",
      { payload: gzipSync(Buffer.concat([cpioOf(FILES), Buffer.from("more")])) },
      "behind the end of its payload's archive",
    ],
    [
      "bytes behind the compressed data",
      { payload: Buffer.concat([gzipSync(cpioOf(FILES)), Buffer.from("more")]) },
      "after its compressed data",
    ],
  ];
  it.each(LIES)("reports %s", async (_, parts, because) => {
    const { findings, code } = await open(parts);
    expect(code).toBe("");
    expect(findings).toContainEqual(
      expect.objectContaining({
        check: "structure",
        outcome: "fail",
        because: expect.stringContaining(because),
      }),
    );
  });

  it("leaves out nothing that a source package must not hand on, and lists no ghosts", async () => {
    const withoutSource = [TAG.sourcePackage, []] as const;
    const source = await open({ payload: payloadOf(FOLDER, LINK), tags: [withoutSource] });
    expect({ findings: source.findings, code: source.code }).toEqual({ findings: [], code: "" });
    expect(source.identity.architecture).toBe("source");
    const flags = [TAG.fileFlags, { int32: [0, 64, 0] }] as const;
    const ghost = await open({ payload: payloadOf(FOLDER, LINK), tags: [flags] });
    expect({ findings: ghost.findings, code: ghost.code }).toEqual({ findings: [], code: "" });
  });
});

it("reports names that climb, in header and payload alike", async () => {
  const { findings } = await open({ files: [{ name: "/../../etc/x", bytes: "x" }] });
  expect(findings).toMatchObject([{ check: "member-names", facts: { escapes: true } }]);
});

it("takes names and links for what a Unix system makes of them", async () => {
  const files = [
    { name: "/usr/share/man/man3/Params::Util.3pm", bytes: "x" },
    { name: "/usr/include/xt_MARK.h", bytes: "x" },
    { name: "/usr/include/xt_mark.h", bytes: "x" },
    { name: "/usr/lib/ssl/certs", mode: 0o120777, linkTarget: "/etc/ssl/certs" },
  ];
  const { findings, code } = await open({ files });
  expect({ findings, code }).toEqual({ findings: [], code: "" });
});

it("reads packages from before RPM 4: whole names, no region, no lists of folders", async () => {
  const tags = fileTags(FILES).filter(
    ([tag]) => ![TAG.baseNames, TAG.folderNames, TAG.folderIndexes].some((other) => other === tag),
  );
  const gone = [TAG.baseNames, TAG.folderNames, TAG.folderIndexes].map((tag) => [tag, []] as const);
  const { members, findings, code } = await open({
    tags: [...tags, ...gone, [TAG.oldFileNames, FILES.map(({ name }) => name)]],
    header: { region: undefined },
    signatureHeader: { region: undefined },
  });
  expect({ findings, code }).toEqual({ findings: [], code: "" });
  expect(members.map(({ name }) => name)).toEqual(["usr/share/sample/a.txt"]);
});
