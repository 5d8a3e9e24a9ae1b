import type { Claim, Component, Known, Lifecycle } from "@sallyport/core";
import { describe, expect, it } from "vitest";
import type { Artifact, ArtifactMember } from "../../artifact.ts";
import { contextWith, rootWith, signedBy } from "../check.fixture.ts";
import type { CheckContext, Observation, Recall } from "../check.ts";
import { intelWith, type MadeUpSnapshot, snapshotWith } from "../intel.fixture.ts";
import { askAndAnswer } from "../recall.fixture.ts";
import { retired } from "./index.ts";
import { daysUntil } from "./life.ts";

const ours = snapshotWith({ id: "ours", title: "Public list", answers: ["lifecycle"] });
const maker = snapshotWith({ id: "maker", title: "Maker", authority: "supplier", answers: ["lifecycle"] });
const house = snapshotWith({ id: "house", title: "Us", authority: "organisation", answers: ["lifecycle"] });

const known = (fact: Partial<Lifecycle>, given: Partial<Known<Lifecycle>> = {}): Known<Lifecycle> => ({
  fact: { product: "Example", ...fact },
  snapshot: "ours",
  match: "certain",
  because: "vendor and product agree",
  ...given,
});

type Table = Readonly<Record<string, readonly Known<Lifecycle>[]>>;

/** Knows products by the name they claim. */
const world = (
  table: Table,
  snapshots: readonly MadeUpSnapshot[] = [ours, maker, house],
): Partial<CheckContext> => ({
  intel: intelWith({ snapshots, lifecycles: async ({ product = "" }: Claim) => table[product] ?? [] }),
});

const example: Artifact = rootWith({
  identity: { product: "Example", company: "Example Ltd", version: "1.2" },
});
const ask = (artifact: Artifact, given: Partial<CheckContext>) =>
  askAndAnswer(retired, artifact, contextWith(given));
const seen = async (artifact: Artifact, given: Partial<CheckContext>): Promise<readonly Observation[]> => {
  const result = await ask(artifact, given);
  if ("notChecked" in result) throw new Error(result.notChecked);
  return "outcome" in result ? [result] : result;
};
const component = (given: Partial<Component>): Component => ({
  product: "Example Part",
  version: "1",
  identifiers: [],
  type: "library",
  foundBy: "test",
  confidence: "declared",
  ...given,
});
const member = (path: string, given: Partial<ArtifactMember> = {}): ArtifactMember => ({
  path,
  sha256: "1".repeat(64),
  sizeBytes: 1,
  format: "pe",
  signatures: [],
  ...given,
});
const withParts = (...components: readonly Component[]): Artifact => ({
  ...example,
  members: [member("app/part.bin", { components })],
});

describe("retired, of the product itself", () => {
  it("fails what its maker took back, with source, day and what to use instead", async () => {
    const fact = { retiredOn: "2020-04", replacement: "Example Two" };
    const [observation] = await seen(example, world({ Example: [known(fact)] }));
    expect(observation).toMatchObject({
      outcome: "fail",
      because:
        "Example 1.2 was taken back by its maker in 2020-04 (Public list of 2026-01-01); use Example Two instead",
      facts: {
        phase: "retired",
        productIsOver: true,
        partIsOver: false,
        snapshot: "ours",
        licence: "CC0-1.0",
      },
    });
  });

  it.each<[string, Partial<Lifecycle>, Partial<Observation>]>([
    ["fails a line past its end", { release: "1", endOfLife: "2026-01-01" }, { outcome: "fail" }],
    ["fails where only the end is known", { endOfLife: true }, { outcome: "fail" }],
    ["passes on the last day", { endOfLife: "2026-01-02" }, { outcome: "pass" }],
    ["passes what is supported", { endOfLife: "2030-01-01" }, { outcome: "pass" }],
    ["passes what has no end", {}, { outcome: "pass" }],
    [
      "passes what only gets no news",
      { endOfActiveSupport: "2020-01-01", endOfLife: "2027-01-01" },
      { outcome: "pass" },
    ],
  ])("%s", async (_, fact, expected) => {
    const [observation] = await seen(example, world({ Example: [known(fact)] }));
    expect(observation).toMatchObject(expected);
  });

  it("tells an end within 90 days, and keeps quiet about one in 91", async () => {
    const [near] = await seen(example, world({ Example: [known({ endOfLife: "2026-04-02" })] }));
    expect(near).toMatchObject({ outcome: "pass", facts: { phase: "near", notable: true } });
    expect(near?.because).toContain("in 90 days");
    const [far] = await seen(example, world({ Example: [known({ endOfLife: "2026-04-03" })] }));
    expect(far?.facts).toMatchObject({ phase: "supported" });
    expect(far?.facts).not.toHaveProperty("notable");
  });

  it("only holds while a paid extension still mends it", async () => {
    const fact = { endOfSecuritySupport: "2025-10-14", endOfLife: "2028-10-10" };
    const [observation] = await seen(example, world({ Example: [known(fact)] }));
    expect(observation).toMatchObject({ outcome: "fail", facts: { productIsOver: false, partIsOver: true } });
  });

  it("follows the organisation before the maker, and the maker before public lists", async () => {
    const over = known({ endOfLife: "2020-01-01" });
    const extended = known({ endOfLife: "2030-01-01" }, { snapshot: "maker" });
    const [pass] = await seen(example, world({ Example: [over, extended] }));
    expect(pass).toMatchObject({ outcome: "pass" });
    expect(pass?.because).toContain("but Public list says end-of-life");
    const ended = known({ retiredOn: "2021-01-01" }, { snapshot: "house" });
    const [fail] = await seen(example, world({ Example: [over, extended, ended] }));
    expect(fail).toMatchObject({ outcome: "fail", facts: { phase: "retired" } });
  });

  it("takes the most exact line, and the worst of what is equally exact", async () => {
    const lines = [
      known({ release: "1", endOfLife: "2020-01-01" }),
      known({ release: "1.2", endOfLife: "2030-01-01" }),
    ];
    expect(await seen(example, world({ Example: lines }))).toMatchObject([{ outcome: "pass" }]);
    const both = [...lines, known({ retiredOn: "2024-01-01" })];
    expect(await seen(example, world({ Example: both }))).toMatchObject([{ outcome: "fail" }]);
  });

  it("decides nothing on what may be meant, and says what that is", async () => {
    const may = known(
      { product: "Other", retiredOn: "2020-01-01" },
      { match: "possible", because: "the name agrees" },
    );
    expect(await ask(example, world({ Example: [may] }))).toEqual({
      notChecked: expect.stringMatching(/Example 1.2 .* not known.*may be Other: the name agrees/),
    });
  });

  it("says stale data is out of date, also where it passes", async () => {
    const old = snapshotWith({ id: "ours", title: "Public list", answers: ["lifecycle"], isStale: true });
    const [observation] = await seen(
      example,
      world({ Example: [known({ endOfLife: "2030-01-01" })] }, [old]),
    );
    expect(observation).toMatchObject({ outcome: "pass", facts: { isStale: true } });
    expect(observation?.because).toContain("out of date");
  });

  it("knows it by its signer where it gives itself another maker, and by its file's name", async () => {
    const asked: Claim[] = [];
    const intel = intelWith({
      snapshots: [ours],
      lifecycles: async (claim) => {
        asked.push(claim);
        return [];
      },
    });
    const signatures = [signedBy("Example")];
    await ask(rootWith({ identity: { product: "Setup", company: "Packager" }, signatures }), {
      intel,
      label: "dir/X_TRADER_r7.17.90p608.exe",
    });
    expect(asked).toContainEqual(expect.objectContaining({ product: "Setup", vendor: "Packager" }));
    expect(asked).toContainEqual(expect.objectContaining({ product: "Setup", vendor: "Example Ltd" }));
    expect(asked).toContainEqual(expect.objectContaining({ product: "X_TRADER", vendor: "Example Ltd" }));
    asked.length = 0;
    await ask(rootWith({}), { intel, label: "X_TRADER_r7.17.90p608.exe" });
    // Nobody says who made it: a file's name alone names no product.
    expect(asked.every(({ product }) => product === undefined)).toBe(true);
  });

  it("takes an archive for the one program in it, and for nothing when there are two", async () => {
    const old = member("setup.exe", { identity: { product: "Old", company: "Example Ltd" } });
    const zip = {
      ...rootWith({ format: "zip" }),
      members: [old, member("a.dll", { identity: { product: "Lib" } })],
    };
    const table = { Old: [known({ retiredOn: "2020-01-01" })] };
    expect(await seen(zip, world(table))).toMatchObject([{ facts: { productIsOver: true } }]);
    const two = { ...zip, members: [...zip.members, member("b.exe", { identity: { product: "New" } })] };
    expect(await seen(two, world(table))).toMatchObject([
      { facts: { productIsOver: false, partIsOver: true } },
    ]);
  });
});

describe("retired, of what is inside", () => {
  const table: Table = {
    Electron: [known({ product: "Electron", release: "20", endOfLife: "2023-02-07" })],
    "Node.js": [known({ product: "Node.js", release: "16", endOfLife: "2023-09-11" })],
    lodash: [known({ product: "lodash", endOfLife: "2020-01-01" })],
  };
  const electron = component({ product: "Electron", version: "20.1.0", type: "framework" });
  const node = component({ product: "Node.js", version: "16.15.0", type: "framework" });

  it("fails a whole runtime that is over, with its path, so that it holds", async () => {
    expect(await seen(withParts(node), world(table))).toMatchObject([
      { outcome: "fail", path: "app/part.bin", facts: { productIsOver: false, partIsOver: true } },
    ]);
  });

  it("knows a runtime by its packages", async () => {
    const runtime = component({ product: "Microsoft.NETCore.App.Runtime.win-x64", version: "5.0.17" });
    const over = known({ product: "Microsoft .NET", release: "5", endOfLife: "2022-05-10" });
    expect(await seen(withParts(runtime), world({ [runtime.product]: [over] }))).toMatchObject([
      { outcome: "fail", facts: { partIsOver: true } },
    ]);
  });

  it("leaves to Electron what Electron brings", async () => {
    const observations = await seen(withParts(electron, node), world(table));
    expect(observations.map(({ facts }) => facts.product)).toEqual(["Electron 20.1.0"]);
  });

  it("asks once for a package that a file and the description in it name", async () => {
    const purl = { kind: "purl", value: "pkg:maven/org.example/part@1" } as const;
    const jar = member("app/lib/part.jar", {
      identity: { product: "The Part", version: "1" },
      identifiers: [purl],
    });
    const described = member("app/lib/part.jar/META-INF/maven/org.example/part/pom.properties", {
      components: [component({ product: "part", identifiers: [purl] })],
    });
    const asked = (artifact: Artifact) =>
      (retired.recall as Recall).ask({ artifact, context: contextWith({}) }).parts;
    expect(asked({ ...example, members: [jar, described] })).toMatchObject([{ count: 1 }]);
    const other = { ...described, path: "b.jar/META-INF/maven/org.example/part/pom.properties" };
    expect(asked({ ...example, members: [jar, described, other] })).toMatchObject([{ count: 2 }]);
    const root = { ...example.root, identifiers: [purl] };
    expect(asked({ root, members: [{ ...described, path: "META-INF/pom.properties" }] })).toEqual([]);
  });

  it("tells once what a file says of itself and a mark in it says as well", async () => {
    const program = member("app/node.exe", {
      identity: { product: "Node.js", company: "Node.js", version: "16.15.0.0" },
      components: [node],
    });
    expect(await seen({ ...example, members: [program] }, world(table))).toMatchObject([
      { outcome: "fail", path: "app/node.exe" },
    ]);
  });

  it("judges a runtime that lies elsewhere than Electron", async () => {
    const artifact: Artifact = {
      ...example,
      members: [
        member("app/electron.exe", { components: [electron] }),
        member("app/resources/tool.exe", { components: [node] }),
        member("other/tool.exe", { components: [{ ...node, version: "16.14.0" }] }),
      ],
    };
    const observations = await seen(artifact, world(table));
    expect(observations.map(({ facts }) => facts.product)).toEqual(["Electron 20.1.0", "Node.js 16.14.0"]);
  });

  it("shows a runtime that a system's package keeps, and holds for a copy that a maker brings", async () => {
    const library = (path: string) =>
      member(`data.tar.xz/content/./${path}`, { format: "elf", components: [node] });
    const systems = library("usr/lib/x86_64-linux-gnu/libnode.so.108");
    const packaged = { ...example, root: { ...example.root, format: "deb" } };
    const [shown, ...rest] = await seen({ ...packaged, members: [systems] }, world(table));
    expect(rest).toEqual([]);
    expect(shown).toMatchObject({ outcome: "pass", facts: { partIsOver: false, notable: true } });
    expect(shown?.because).toContain("this one is its distribution's to mend");
    const both = [systems, library("opt/example/libnode.so.108")];
    expect(await seen({ ...packaged, members: both }, world(table))).toMatchObject([
      { outcome: "fail", path: "data.tar.xz/content/./opt/example/libnode.so.108" },
      { outcome: "pass" },
    ]);
  });

  it("does not refuse a system's package for the maker's end of what it is named by", async () => {
    const program = member("data.tar.xz/content/./usr/bin/node", { components: [node] });
    const root = { ...example.root, format: "deb", identity: { product: "node.js", version: "16.15.0-1" } };
    expect(await seen({ root, members: [program] }, world(table))).toMatchObject([
      { outcome: "pass", facts: { productIsOver: false } },
    ]);
  });

  it("holds for the system that an image runs on, when it is over", async () => {
    const system = component({ product: "Example Linux", version: "9", type: "operating-system" });
    const over = (fact: Partial<Lifecycle>) => world({ "Example Linux": [known(fact)] });
    expect(await seen(withParts(system), over({ endOfLife: "2024-06-30" }))).toMatchObject([
      { outcome: "fail", facts: { partIsOver: true } },
    ]);
    const extended = over({ endOfSecuritySupport: "2024-06-30", endOfLife: "2029-06-30" });
    expect(await seen(withParts(system), extended)).toMatchObject([{ outcome: "pass" }]);
  });

  it("shows a library that is over, and holds nothing for it", async () => {
    expect(await seen(withParts(component({ product: "lodash" })), world(table))).toMatchObject([
      { outcome: "pass", facts: { phase: "end-of-life", partIsOver: false, notable: true } },
    ]);
  });

  it("asks nobody for the life of another's build of the same code", async () => {
    const asked: Claim[] = [];
    const intel = intelWith({
      snapshots: [ours],
      lifecycles: async (claim) => {
        asked.push(claim);
        return [];
      },
    });
    const cpe = { kind: "cpe", value: "cpe:2.3:a:oracle:openjdk:17:*:*:*:*:*:*:*" } as const;
    const purl = { kind: "purl", value: "pkg:generic/openjdk@17" } as const;
    const built = component({ product: "OpenJDK", vendor: "Eclipse Adoptium", identifiers: [cpe, purl] });
    const own = component({ product: "OpenJDK", vendor: "Oracle Corporation", identifiers: [cpe] });
    const unsaid = component({ product: "OpenSSL", identifiers: [cpe] });
    // Its row names the company behind it, and its CPE has another name for the same.
    const marked = component({
      product: "Node.js",
      vendor: "OpenJS Foundation",
      confidence: "marked",
      identifiers: [cpe],
    });
    await ask(withParts(built, own, unsaid, marked), { intel });
    expect(asked.slice(-4).map(({ identifiers }) => identifiers)).toEqual([[purl], [cpe], [cpe], [cpe]]);
  });

  it("is not checked when the product is unknown and every known part is supported", async () => {
    const fine = world({ Electron: [known({ product: "Electron", release: "40" })] });
    expect(await ask(withParts(electron), fine)).toHaveProperty("notChecked");
  });

  it("tells thousands of parts in a few lines", async () => {
    const many = Array.from({ length: 5000 }, (_, index) => component({ product: `part ${index}` }));
    const all = Object.fromEntries(
      many.map(({ product }) => [product, [known({ product, endOfLife: true })]]),
    );
    const observations = await seen(withParts(...many), world(all));
    expect(observations).toHaveLength(1);
    expect(observations[0]?.because.length).toBeLessThan(1000);
  });
});

describe("retired, without anybody's word", () => {
  const report = signedBy("Example", {
    timestamp: { kind: "rfc3161", at: "2014-05-01T00:00:00Z", verified: true, authority: "Example Time" },
  });
  const { signer } = report;
  const old = { ...report, signer: signer && { ...signer, validUntil: "2015-06-01T00:00:00Z" } };
  const artifact = rootWith({ identity: { product: "Example" }, signatures: [old] });

  it("shows what was signed long ago and never again, and refuses nothing", async () => {
    expect(await seen(artifact, world({}))).toMatchObject([
      {
        outcome: "pass",
        because: expect.stringMatching(/2014-05-01.*2015-06-01/),
        facts: { phase: "inferred", notable: true },
      },
    ]);
  });

  it("keeps quiet where a source knows it", async () => {
    expect(await seen(artifact, world({ Example: [known({ endOfLife: "2030-01-01" })] }))).toHaveLength(1);
  });

  it("is not checked without sources, and says what to do", async () => {
    expect(await ask(example, {})).toHaveProperty("notChecked");
    expect(await ask(example, world({}, []))).toEqual({
      notChecked: expect.stringMatching(/intel sync endoflife/),
    });
  });

  it("answers nothing to what an older version asked, or somebody changed", async () => {
    const { recall } = retired;
    if (typeof recall !== "object") throw new Error("no recall");
    const odd = [
      {},
      { product: 1, parts: "x" },
      { parts: [null, 1, { claim: { identifiers: [{ kind: "__proto__" }] } }] },
    ];
    for (const asked of odd)
      expect(await recall.answer(asked, contextWith(world({})))).toHaveProperty("notChecked");
  });
});

it.each([
  ["2026-01-02", 0],
  ["2026-01-01", -1],
  ["2026-01", 29],
  ["2025", -2],
  ["2026", 363],
])("counts the days until %s", (date, days) => {
  expect(daysUntil(date, new Date("2026-01-02T23:59:00Z"))).toBe(days);
});

describe("retired, of what was not asked about", () => {
  const many = (count: number) =>
    withParts(...Array.from({ length: count }, (_, at) => component({ product: `Part ${at}` })));

  it("does not know, when there were more parts than it asks about", async () => {
    const last = world({ "Part 5999": [known({ retiredOn: "2020-04" })] });
    expect(await seen(many(6000), last)).toEqual([
      {
        outcome: "unknown",
        because: "says that it holds 6000 parts, of which 5000 were asked about",
        facts: expect.objectContaining({ leftOutCount: 1000, productIsOver: false }),
      },
    ]);
  });

  it("does not know, when it comes under its own name in more versions than it asks about", async () => {
    const versions = Array.from({ length: 20 }, (_, at) =>
      component({ product: "Example", version: `${at}` }),
    );
    expect(await seen(withParts(...versions), world({}))).toMatchObject([{ outcome: "unknown" }]);
  });

  it("says what could not be listed", async () => {
    const artifact = { ...example, members: [member("a.bin", { unlisted: ["go-build: is damaged"] })] };
    expect(await ask(artifact, world({}))).toEqual({
      notChecked: expect.stringContaining("what is inside of 1 file could not be listed whole"),
    });
  });
});
