import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  ArtifactError,
  Budget,
  DEFAULT_LIMITS,
  type Evidence,
  type Limits,
  MemorySource,
  RangeSource,
} from "@sallyport/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ArtifactMember } from "../artifact.ts";
import type { Format, Member } from "../formats/format.ts";
import { zip } from "../formats/zip/index.ts";
import { writeZip } from "../replica/zip-archive.ts";
import type { SignatureScheme } from "../signatures/scheme.ts";
import { descend } from "./descent.ts";
import { Spool } from "./spool.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "descent-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

interface Seen {
  readonly members: ArtifactMember[];
  readonly evidence: Evidence[];
}

async function take(
  bytes: Uint8Array,
  options: {
    formats?: readonly Format[];
    schemes?: readonly SignatureScheme[];
    limits?: Partial<Limits>;
    clock?: () => number;
  } = {},
): Promise<Seen> {
  const found: [number, ArtifactMember][] = [];
  const evidence: Evidence[] = [];
  await descend(new MemorySource(bytes), {
    formats: options.formats ?? [zip],
    schemes: options.schemes ?? [],
    budget: new Budget({ ...DEFAULT_LIMITS, ...options.limits }, options.clock),
    trust: { anchors: [], revocationLists: [], hash: "" },
    now: new Date(0),
    spool: new Spool(folder),
    brought: { label: "", signatures: [], keys: [] },
    maxHeldBytes: 64 * 1024 * 1024,
    listener: {
      at: () => {},
      recognised: () => {},
      member: (index, member) => found.push([index, member]),
      evidence: (item) => evidence.push(item),
    },
  });
  return { members: found.sort(([a], [b]) => a - b).map(([, member]) => member), evidence };
}

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const text = (value: string): Buffer => Buffer.from(value, "utf8");
const about = (seen: Seen, check: string): Evidence[] =>
  seen.evidence.filter(({ source }) => source === `gate/checks/${check}`);

/** `!name` and what it holds: enough of a format to be opened. */
function fake(id: string, members: (bytes: Buffer) => Iterable<Member>, more: Partial<Format> = {}): Format {
  return {
    id,
    title: id,
    document: "this test",
    recognise: ({ head }) => head.toString("latin1").startsWith(`!${id}`),
    async *open(source) {
      yield* members(Buffer.from(await source.read(0, source.sizeBytes)));
    },
    ...more,
  };
}

const member = (name: string, bytes: Uint8Array): Member => ({
  name,
  async *content() {
    yield bytes;
  },
});

describe("what is inside", () => {
  it("is listed with joined paths, sizes and hashes, in the order it was met", async () => {
    const inner = writeZip([{ name: "x.dll", bytes: text("library") }]);
    const seen = await take(
      writeZip([
        { name: "app.zip", bytes: inner },
        { name: "readme", bytes: text("hello") },
      ]),
    );
    expect(seen.members.map(({ path, format }) => [path, format])).toEqual([
      ["", "zip"],
      ["app.zip", "zip"],
      ["app.zip/x.dll", "data"],
      ["readme", "data"],
    ]);
    expect(seen.members[2]).toMatchObject({ sha256: sha256(text("library")), sizeBytes: 7 });
    expect(seen.members[1]).toMatchObject({ sha256: sha256(inner), sizeBytes: inner.length });
    expect(seen.evidence.map(({ outcome }) => outcome)).toEqual(["pass", "pass", "pass"]);
  });

  it("is hashed to its end, whatever a format that streams leaves unread", async () => {
    const bytes = Buffer.concat([text("!lazy"), Buffer.alloc(300_000, 7)]);
    const lazy: Format = {
      id: "lazy",
      title: "lazy",
      document: "this test",
      recognise: ({ head }) => head.toString("latin1").startsWith("!lazy"),
      async *openStream(stream) {
        for await (const chunk of stream) {
          yield member("first", chunk.subarray(0, 5));
          return;
        }
      },
    };
    const seen = await take(writeZip([{ name: "in", bytes }]), { formats: [zip, lazy] });
    expect(seen.members.find(({ path }) => path === "in")).toMatchObject({
      sha256: sha256(bytes),
      sizeBytes: bytes.length,
      format: "lazy",
    });
    expect(seen.members.some(({ path }) => path === "in/first")).toBe(true);
  });

  it("goes to a nameless scratch file when it is large, and leaves nothing there", async () => {
    const bytes = Buffer.concat([text("!big"), Buffer.alloc(20 * 1024 * 1024, 1)]);
    let names: string[] = [];
    const big = fake("big", () => {
      names = readdirSync(folder);
      return [];
    });
    const seen = await take(writeZip([{ name: "../../escape", bytes }]), { formats: [zip, big] });
    expect(seen.members[1]).toMatchObject({ sha256: sha256(bytes), format: "big" });
    expect(names.every((name) => /^[0-9]+$/.test(name))).toBe(true);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("is not copied when it stands uncompressed in its container", async () => {
    const outer = fake("outer", () => [], {
      async *open(source) {
        const range = new RangeSource(source, 6, source.sizeBytes - 6);
        const content = () => {
          throw new Error("copied");
        };
        yield { name: "in", range: { source: range, offsetInParentBytes: 6 }, content };
      },
    });
    const seen = await take(text("!outerabc"), { formats: [outer] });
    expect(seen.members[1]).toMatchObject({ path: "in", sha256: sha256(text("abc")) });
  });

  it("shows control and direction characters instead of obeying them", async () => {
    const seen = await take(writeZip([{ name: "a\u001b[2Jb\u202egpj", bytes: text("x") }]));
    expect(seen.members[1]?.path).toBe("a\\u{1b}[2Jb\\u{202e}gpj");
  });
});

describe("what cannot be opened", () => {
  it("is unknown, and its neighbours are still looked at", async () => {
    const outer = fake("outer", () => [
      {
        name: "locked",
        // biome-ignore lint/correctness/useYield: fails before the first piece, as encrypted members do
        async *content() {
          throw new ArtifactError("artifact.encrypted", "the member is encrypted");
        },
      },
      member("open", text("x")),
    ]);
    const seen = await take(text("!outer"), { formats: [outer] });
    expect(about(seen, "opened")).toMatchObject([
      { outcome: "unknown", path: "locked", facts: { code: "artifact.encrypted" } },
    ]);
    expect(seen.members.map(({ path }) => path)).toEqual(["", "open"]);
  });

  it("is unknown when our own parser fails, never a crash and never a pass", async () => {
    const broken = fake("broken", () => {
      throw new TypeError("undefined is not an object");
    });
    const seen = await take(text("!broken"), { formats: [broken] });
    expect(about(seen, "opened")).toMatchObject([{ outcome: "unknown", facts: { code: "parser.failed" } }]);
    expect(seen.members).toMatchObject([{ path: "", format: "broken" }]);
  });

  it("is unknown when even recognising fails", async () => {
    const broken = fake("broken", () => [], {
      recognise: () => {
        throw new RangeError("out of bounds");
      },
    });
    const seen = await take(text("!broken"), { formats: [broken] });
    expect(about(seen, "opened")).toMatchObject([{ outcome: "unknown", facts: { code: "parser.failed" } }]);
  });

  it("names the archive that lies too deep and keeps what was seen above", async () => {
    let bytes: Buffer = writeZip([{ name: "seed", bytes: text("seed") }]);
    for (let level = 0; level < 50; level += 1) bytes = writeZip([{ name: "z", bytes }]);
    const seen = await take(bytes);
    const [evidence] = about(seen, "opened");
    expect(evidence).toMatchObject({ outcome: "unknown", facts: { limit: "depth", allowed: 12 } });
    expect(evidence?.path).toBe(Array(13).fill("z").join("/"));
    expect(seen.members).toHaveLength(14);
  });

  it("ends with an archive that holds itself", async () => {
    const quine: Format = fake("quine", (bytes) => [member("again", bytes)]);
    const seen = await take(text("!quine"), { formats: [quine] });
    expect(about(seen, "opened")).toMatchObject([{ outcome: "unknown", facts: { limit: "depth" } }]);
  });

  it.each([
    ["entries", { entries: 2 }],
    ["bytes", { bytes: 9 }],
  ] as const)("stops at the limit of %s, once, and keeps what was seen", async (limit, limits) => {
    const outer = fake("outer", () => ["a", "b", "c", "d"].map((name) => member(name, text("1234"))));
    const seen = await take(text("!outer"), { formats: [outer], limits });
    expect(about(seen, "opened")).toMatchObject([{ outcome: "unknown", path: "c", facts: { limit } }]);
    expect(seen.members.map(({ path }) => path)).toEqual(["", "a", "b"]);
  });

  it("stops when the time is up", async () => {
    let now = 0;
    const outer = fake("outer", function* () {
      for (;;) {
        now += 10;
        yield member("m", text("x"));
      }
    });
    const seen = await take(text("!outer"), {
      formats: [outer],
      limits: { milliseconds: 100 },
      clock: () => now,
    });
    expect(about(seen, "opened")).toMatchObject([{ outcome: "unknown", facts: { limit: "milliseconds" } }]);
  });
});

describe("what two readers would see differently", () => {
  it("fails when two formats claim one file", async () => {
    const first = fake("first", () => []);
    const second = fake("second", () => [], { recognise: first.recognise });
    const seen = await take(text("!first"), { formats: [first, second] });
    expect(about(seen, "structure")).toMatchObject([
      { outcome: "fail", facts: { formats: ["first", "second"] } },
    ]);
  });

  it("tells once what stops both opening and identifying", async () => {
    const stop = () => {
      throw new ArtifactError("artifact.truncated", "fake: cut short");
    };
    const broken = fake("broken", stop, { identify: stop });
    const { evidence } = await take(Buffer.from("!broken"), { formats: [broken] });
    expect(evidence.filter(({ source }) => source === "gate/checks/opened")).toHaveLength(1);
  });

  it("accepts an archive behind a program that was opened as its overlay", async () => {
    const archive = writeZip([{ name: "x", bytes: text("x") }]);
    const pe = fake("pe", (bytes) => [member("overlay", bytes.subarray(3))]);
    const seen = await take(Buffer.concat([text("!pe"), archive]), { formats: [pe, zip] });
    expect(seen.members.map(({ path }) => path)).toEqual(["", "overlay", "overlay/x"]);
    expect(about(seen, "structure")).toMatchObject([{ outcome: "pass" }]);
  });
});

describe("names", () => {
  it("fail with the one that escapes in front, and become no path on our disk", async () => {
    const seen = await take(
      writeZip([
        { name: "a/con", bytes: text("x") },
        { name: "../../etc/passwd", bytes: text("y") },
      ]),
    );
    const summary = about(seen, "member-names").find(({ path }) => path === undefined);
    expect(summary).toMatchObject({ outcome: "fail", facts: { escapes: true } });
    expect(about(seen, "member-names").map(({ path }) => path)).toContain("../../etc/passwd");
  });

  it("are counted when they are too many to list", async () => {
    const outer = fake("outer", function* () {
      for (let index = 0; index < 500; index += 1) yield member(`../${index}`, text("x"));
    });
    const seen = await take(text("!outer"), { formats: [outer] });
    expect(about(seen, "member-names")).toHaveLength(201);
    expect(about(seen, "member-names").at(-1)?.because).toContain("300 more");
  });
});

it("verifies the same bytes once and reports them wherever they are", async () => {
  const leaf = fake("leaf", () => []);
  let verified = 0;
  const scheme: SignatureScheme = {
    id: "seal",
    question: "",
    document: "",
    formats: ["leaf"],
    async verify() {
      verified += 1;
      const finding = { check: "integrity", outcome: "fail", because: "broken", facts: {} } as const;
      return { signatures: [], findings: [finding] };
    },
  };
  const bytes = text("!leaf");
  const seen = await take(
    writeZip([
      { name: "a", bytes },
      { name: "b", bytes },
    ]),
    { formats: [zip, leaf], schemes: [scheme] },
  );
  expect(verified).toBe(1);
  expect(about(seen, "integrity").map(({ path }) => path)).toEqual(["a", "b"]);
});

it("reports unknown when a signature scheme fails on the file", async () => {
  const leaf = fake("leaf", () => []);
  const scheme: SignatureScheme = {
    id: "seal",
    question: "",
    document: "",
    formats: ["leaf"],
    verify: () => Promise.reject(new ArtifactError("artifact.malformed", "seal: broken")),
  };
  const seen = await take(text("!leaf"), { formats: [leaf], schemes: [scheme] });
  expect(about(seen, "opened")).toMatchObject([
    { outcome: "unknown", facts: { code: "artifact.malformed" } },
  ]);
});
