import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { extract, pack } from "tar-stream";
import { expect, it } from "vitest";
import { gzip } from "../gzip/index.ts";
import { streamContext, walkStream } from "../stream-walk.fixture.ts";
import { tar } from "./index.ts";
import { archive, block, DECENT, decent, record, walk } from "./tar.fixture.ts";

it("reads a decent archive without a finding, in pieces of any size", async () => {
  for (const pieceBytes of [1, 500, 513, 1 << 20]) {
    const { members, findings, code } = await walk(decent, { pieceBytes });
    expect({ members, findings, code }).toEqual({ members: DECENT, findings: [], code: "" });
  }
});

it("recognises ustar and older archives, and neither zeros nor text", () => {
  const recognises = (head: Buffer) => tar.recognise({ head, tail: head, sizeBytes: head.length });
  expect(recognises(decent)).toBe(true);
  expect(recognises(archive({ magic: "" }))).toBe(true);
  // Some block of bytes has the sum by chance, with no number where a size is.
  const chance = block({ magic: "", size: "no number\0\0\0" });
  expect(recognises(chance)).toBe(false);
  expect(recognises(Buffer.alloc(1024))).toBe(false);
  expect(recognises(Buffer.alloc(1024, "some text "))).toBe(false);
});

it("sees what tar-stream sees in names, sizes and content, long names included", async () => {
  const packer = pack();
  const long = `${"folder/".repeat(30)}a file with a name of its own.txt`;
  packer.entry({ name: long }, "long");
  packer.entry({ name: "näme.txt" }, "utf-8");
  packer.entry({ name: "link", type: "symlink", linkname: `${"folder/".repeat(30)}x` });
  packer.entry({ name: "plain.bin" }, Buffer.alloc(100_000, 7));
  packer.finalize();
  const bytes = await buffer(Readable.from(packer));
  const seen: { name: string; text: string }[] = [];
  const oracle = extract();
  Readable.from([bytes]).pipe(oracle);
  for await (const entry of oracle)
    if (entry.header.type === "file")
      seen.push({ name: entry.header.name, text: (await buffer(entry)).toString() });
    else {
      // A link's bytes are where it leads.
      entry.resume();
      seen.push({ name: entry.header.name, text: entry.header.linkname ?? "" });
    }
  const { members, findings, code } = await walk(bytes);
  expect({ findings, code }).toEqual({ findings: [], code: "" });
  expect(members).toEqual(seen);
});

it("takes names and sizes from pax records and base-256 fields", async () => {
  const size = Buffer.alloc(12);
  size[0] = 0x80;
  size[11] = 4;
  const { members, findings, code } = await walk(
    archive(
      { type: "g", text: record("comment", "a commit") },
      { type: "x", text: record("path", "b.txt") },
      { text: "four", size },
    ),
  );
  expect({ findings, code }).toEqual({ findings: [], code: "" });
  expect(members).toEqual([{ name: "b.txt", text: "four" }]);
});

it("shows a link as a member that says where it leads", async () => {
  const { members } = await walkStream(
    tar,
    archive({ name: "etc/cron.d/job", type: "2", linkTarget: "../../opt/job" }),
  );
  expect(members).toEqual([
    { name: "etc/cron.d/job", bytes: Buffer.from("../../opt/job"), linkTarget: "../../opt/job" },
  ]);
});

it("skips what its caller does not read", async () => {
  const names: string[] = [];
  const inside = await walkStream(gzip, gzipSync(decent));
  const whole = inside.members[0]?.bytes ?? Buffer.alloc(0);
  for await (const member of tar.openStream?.(Readable.from([whole]), streamContext([])) ?? [])
    names.push(member.name);
  expect(names).toEqual(DECENT.map(({ name }) => name));
});
