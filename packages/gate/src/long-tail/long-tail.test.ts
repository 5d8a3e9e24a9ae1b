import { hasCode } from "@sallyport/core";
import { collect, contentOf, recordingContext, sourceOf, testBudget } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { sample } from "../formats/7z/sample.fixture.ts";
import { writeSevenZip } from "../formats/7z/seven-zip.fixture.ts";
import type { OpenContext } from "../formats/format.ts";
import { listBySevenZip, openBySevenZip } from "./index.ts";

const file = (name: string, text: string) => ({ name, content: Buffer.from(text) });
const open = (bytes: Buffer, context: OpenContext = recordingContext().context) =>
  openBySevenZip(sourceOf(bytes), context, { type: "7z", holds: "archive" });
const overLimit = expect.objectContaining({ code: "artifact.over-limit" });

async function read(bytes: Buffer, context?: OpenContext): Promise<Record<string, string>> {
  const contents: Record<string, string> = {};
  for await (const member of open(bytes, context))
    contents[member.name] = (await contentOf(member)).toString();
  return contents;
}

describe("a long-tail archive", () => {
  it("hands out every file's bytes in order", async () => {
    expect(await read(sample())).toEqual({
      "empty.txt": "",
      "a.txt": "hello\n",
      "folder/b.txt": "another harmless line\n".repeat(50),
    });
  });

  it("unpacks again for whoever goes back, and skips what nobody reads", async () => {
    const members = await Array.fromAsync(
      open(writeSevenZip([file("a", "1"), file("b", "22"), file("c", "333")])),
    );
    const texts = [];
    for (const index of [2, 0, 1]) texts.push((await contentOf(members[index] as never)).toString());
    expect(texts).toEqual(["333", "1", "22"]);
  });

  it("lets a reader stop in the middle", async () => {
    const bytes = writeSevenZip([{ name: "a", content: Buffer.alloc(5_000_000, 1) }, file("b", "end")]);
    const seen: string[] = [];
    for await (const member of open(bytes)) {
      seen.push(member.name);
      if (member.name === "b") expect((await contentOf(member)).toString()).toBe("end");
      else for await (const piece of member.content()) if (piece.length > 0) break;
    }
    expect(seen).toEqual(["a", "b"]);
  });

  it("keeps the bytes it lists apart from the names it logs, whatever the content says", async () => {
    const bytes = writeSevenZip([
      file("a", "- b\nERROR: CRC Failed : a\n- c\n"),
      file("b", "\n----------\n\nPath = x\n"),
    ]);
    expect(Object.keys(await read(bytes))).toEqual(["a", "b"]);
  });

  it("keeps a line end inside a name from forging entries", async () => {
    const names = ["a\n\nPath = forged\nSize = 1", "b\n- forged"];
    const bytes = writeSevenZip(names.map((name) => file(name, name)));
    const { entries } = await listBySevenZip(sourceOf(bytes), recordingContext().context, { type: "7z" });
    expect(entries).toHaveLength(2);
    expect(Object.values(await read(bytes))).toEqual(names);
  });
});

describe("the limits of a long-tail archive", () => {
  it("does not begin what lists more than may be unpacked", async () => {
    const bytes = writeSevenZip([{ name: "bomb", content: Buffer.from("x"), claimedBytes: 1e12 }]);
    await expect(read(bytes)).rejects.toEqual(overLimit);
  });

  it("counts every byte that comes out", async () => {
    const { context } = recordingContext(testBudget({ bytes: 3_000_000 }));
    await read(writeSevenZip([{ name: "a", content: Buffer.alloc(2_000_000) }]), context);
    expect(context.budget.spent.bytes).toBe(2_000_000);
  });

  it("does not list more entries than may be opened", async () => {
    const { context } = recordingContext(testBudget({ entries: 2 }));
    const bytes = writeSevenZip(["a", "b", "c"].map((name) => file(name, name)));
    await expect(read(bytes, context)).rejects.toEqual(overLimit);
  });

  it("refuses a list that needs more memory than may be held", async () => {
    const { context } = recordingContext();
    const bytes = writeSevenZip(Array.from({ length: 200 }, (_, index) => file(`${index}`.repeat(50), "x")));
    await expect(read(bytes, { ...context, maxHeldBytes: 20_000_000 })).resolves.toBeDefined();
    await expect(read(bytes, { ...context, maxHeldBytes: 40_000 })).rejects.toEqual(overLimit);
  });

  it("refuses a decoder window that needs more memory than may be held", async () => {
    // LZMA with a window of 1 GiB.
    const coder = Buffer.from([1, 0x23, 3, 1, 1, 5, 0x5d, 0, 0, 0, 0x40]);
    const bytes = writeSevenZip([file("a", "x")], { coder, data: Buffer.alloc(100) });
    await expect(read(bytes)).rejects.toEqual(overLimit);
  });

  it("stops in the middle when the time is up", async () => {
    let now = 0;
    const limits = testBudget({ milliseconds: 1000 }).limits;
    const { Budget } = await import("@sallyport/core");
    const { context } = recordingContext(new Budget(limits, () => now));
    const bytes = writeSevenZip([{ name: "a", content: Buffer.alloc(8_000_000, 1) }]);
    const error = await (async () => {
      for await (const member of open(bytes, context))
        for await (const piece of member.content()) now += piece.length;
    })().catch((thrown: unknown) => thrown);
    expect(hasCode(error, "artifact.over-limit")).toBe(true);
  });
});

describe("what 7-Zip keeps quiet about", () => {
  const whole = writeSevenZip([file("a", "1")]);
  const findings = async (bytes: Buffer) => {
    const { context, findings: found } = recordingContext();
    await collect(texts(bytes, context));
    return found.map(({ check, outcome, because, member }) =>
      [check, outcome, member ?? "", because].join("|"),
    );
  };

  it.each([
    [
      "bytes behind the archive",
      Buffer.concat([whole, Buffer.from("more")]),
      "structure|fail||has 4 bytes after its end",
    ],
    [
      "bytes before it",
      Buffer.concat([Buffer.from("more"), whole]),
      "structure|fail||4 bytes stand before it",
    ],
    ["a name twice", writeSevenZip([file("a", "1"), file("a", "2")]), "structure|fail|a|is there twice"],
    [
      "a name twice but for its case",
      writeSevenZip([file("a", "1"), file("A", "2")]),
      "member-names|fail|A|differs from another member's only in case or spelling",
    ],
    ["a name that climbs", writeSevenZip([file("../a", "1")]), "member-names|fail|../a|name climbs with .."],
    ["an absolute name", writeSevenZip([file("/a", "1")]), "member-names|fail|/a|name is absolute"],
    [
      "a backslash",
      writeSevenZip([file("b\\a", "1")]),
      "member-names|fail|b\\a|name has a backslash, which some readers take for a separator",
    ],
    [
      "a link that leaves",
      writeSevenZip([{ ...file("l", "../../etc"), mode: 0o120777 }, file("l/a", "1")]),
      "member-names|fail|l/a|leads through a link of the same archive",
    ],
    [
      "a link out of it",
      writeSevenZip([{ ...file("l", "../../etc"), mode: 0o120777 }]),
      "member-names|fail|l|links out of the archive",
    ],
    [
      "a device",
      writeSevenZip([{ ...file("d", "x"), mode: 0o060666 }]),
      "member-names|fail|d|is a device or pipe, which unpacking would create",
    ],
  ])("reports %s", async (_, bytes, expected) => {
    expect(await findings(bytes)).toContain(expected);
  });

  it("finds nothing wrong with an honest archive, nor with zeros behind it", async () => {
    expect(await findings(whole)).toEqual([]);
    expect(await findings(Buffer.concat([whole, Buffer.alloc(512)]))).toEqual([]);
  });
});

async function* texts(bytes: Buffer, context: OpenContext): AsyncGenerator<Uint8Array> {
  for (const text of Object.values(await read(bytes, context))) yield Buffer.from(text);
}
