import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Database, openDatabase } from "@sallyport/store";
import { afterEach, beforeEach, expect, it } from "vitest";
import { signedBy } from "../checks/check.fixture.ts";
import type { KnownFile } from "../checks/twin/memory.ts";
import { memoriesOf } from "../checks/twin/remember.ts";
import { artifactWith, decisionOn, memberWith, sha256Of } from "../checks/twin/twin.fixture.ts";
import { gateMigrations } from "./migrations.ts";
import { type TwinStore, twinStore } from "./twins.ts";

let folder = "";
let database: Database;
let twins: TwinStore;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "twins-"));
  database = await openDatabase({ file: join(folder, "store.db"), migrations: [gateMigrations] });
  twins = twinStore(database);
});
afterEach(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});

const identity = {
  company: "Example",
  originalName: "Demo.dll",
  version: "1.0",
  architecture: "x64",
  buildId: "0123",
  codeDigest: "aa",
};
const signatures = [signedBy("Example", { digest: "5151" })];
const library = memberWith("library", { identity, signatures });
const app = artifactWith("app", {
  members: [library, memberWith("text", { path: "a.txt", format: "data" })],
});
const all = async (): Promise<KnownFile[]> => {
  const files: KnownFile[] = [];
  for await (const portion of twins.all()) files.push(...portion);
  return files;
};

it("remembers nothing until something was judged", async () => {
  expect(twins.isEmpty()).toBe(true);
  expect(await twins.recall([library])).toEqual([]);
  expect(await all()).toEqual([]);
});

it("gives back what was met, with everywhere it was met", async () => {
  const memories = memoriesOf(app, decisionOn(app, "admit"));
  await twins.remember(memories);
  expect(twins.isEmpty()).toBe(false);
  expect(await twins.recall([library])).toEqual(memories.filter(({ sha256 }) => sha256 === library.sha256));
  expect((await all()).map(({ sha256 }) => sha256).sort()).toEqual([app.root.sha256, library.sha256].sort());
  const other = artifactWith("other", { members: [library] });
  await twins.remember(memoriesOf(other, decisionOn(other, "hold", [], "other.msi")));
  const [known] = await twins.recall([library]);
  expect(known?.sightings.map(({ standing }) => standing).sort()).toEqual(["admitted", "seen"]);
});

it("finds a file by its bytes, its signed content, its build and its claimed name", async () => {
  await twins.remember(memoriesOf(app, decisionOn(app, "hold")));
  const { company, originalName, version, architecture, buildId } = identity;
  for (const given of [
    { signatures },
    { identity: { architecture, buildId } },
    { identity: { company: "EXAMPLE", originalName: "demo.dll", version, architecture } },
  ])
    expect(await twins.recall([memberWith("other", given)])).toHaveLength(1);
  expect(await twins.recall([memberWith("library")])).toHaveLength(1);
  expect(
    await twins.recall([memberWith("other", { identity: { company, originalName, version: "2" } })]),
  ).toEqual([]);
});

it("lets a later word about an artifact count, unless that only saw it", async () => {
  const standing = async () => (await twins.recall([library]))[0]?.sightings.map((one) => one.standing);
  for (const [verdict, expected] of [
    ["hold", "seen"],
    ["admit", "admitted"],
    ["hold", "admitted"],
    ["refuse", "refused"],
    ["hold", "refused"],
    ["admit", "admitted"],
  ] as const) {
    await twins.remember(memoriesOf(app, decisionOn(app, verdict)));
    expect(await standing()).toEqual([expected]);
  }
});

it("keeps a signature proven that was proven once", async () => {
  const doubted = {
    ...library,
    signatures: [signedBy("Example", { digest: "5151", trust: "unknown-root" })],
  };
  for (const member of [doubted, library, doubted]) {
    const artifact = artifactWith("app", { members: [member] });
    await twins.remember(memoriesOf(artifact, decisionOn(artifact, "hold")));
  }
  expect((await twins.recall([library]))[0]?.signatures).toMatchObject([{ isProven: true }]);
});

it("forgets one content, one artifact, one source or everything, and leaves no trace of it", async () => {
  const remember = async () => {
    await twins.remember(memoriesOf(app, decisionOn(app, "hold")));
    const imported = { ...memoriesOf(app, decisionOn(app, "admit"))[1] } as KnownFile;
    const sightings = imported.sightings.map((one) => ({ ...one, source: "ab" }));
    await twins.remember([{ ...imported, sightings }]);
  };
  await remember();
  expect(await twins.forget({ member: sha256Of("unheard of") })).toBe(0);
  expect(await twins.forget({ source: "ab" })).toBe(1);
  expect(await twins.recall([library])).toHaveLength(1);
  expect(await twins.forget({ artifact: app.root.sha256 })).toBe(2);
  expect(await all()).toEqual([]);
  await remember();
  expect(await twins.forget({ member: library.sha256 })).toBe(2);
  expect(await twins.recall([library])).toEqual([]);
  expect(await twins.forget("everything")).toBe(1);
  expect(twins.isEmpty()).toBe(true);
  const tables = await database.tables<{ twin_signature: { sha256: string } }>();
  expect(await tables.selectFrom("twin_signature").selectAll().execute()).toEqual([]);
});

it("reads a library that is everywhere from few sightings, and of every supplier", async () => {
  for (let index = 0; index < 30; index += 1) {
    const root = { signatures: [signedBy(index < 25 ? "One" : "Two")] };
    const artifact = artifactWith(`app ${index}`, { root, members: [library] });
    await twins.remember(memoriesOf(artifact, decisionOn(artifact, "hold", [], `${index}.msi`)));
  }
  const [known] = await twins.recall([library]);
  expect(known?.sightings).toHaveLength(8);
  expect(new Set(known?.sightings.map(({ supplier }) => supplier)).size).toBe(2);
});

it("remembers and recalls thousands of files at once", async () => {
  const members = Array.from({ length: 3_000 }, (_, index) =>
    memberWith(`library ${index}`, { identity: { ...identity, buildId: `${index}` }, signatures }),
  );
  const large = artifactWith("large", { members });
  await twins.remember(memoriesOf(large, decisionOn(large, "hold")));
  expect(await twins.recall(members)).toHaveLength(3_000);
  expect(await all()).toHaveLength(3_001);
});
