import { createHash } from "node:crypto";
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { DEFAULT_LIMITS, silentLog } from "@sallyport/core";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { CheckContext } from "./checks/check.ts";
import { examine } from "./examine.ts";
import { type OpenRequest, openArtifact, type Progress } from "./gate.ts";
import { writeZip } from "./replica/zip-archive.ts";
import { vocabulary } from "./vocabulary.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gate-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const request = (path: string, more: Partial<OpenRequest> = {}): OpenRequest => ({
  path,
  label: "artifact",
  limits: DEFAULT_LIMITS,
  maxMemoryBytes: 512 * 1024 * 1024,
  scratchRoot: join(folder, "scratch"),
  trust: { anchors: [], revocationLists: [], hash: "" },
  now: new Date(0),
  log: silentLog,
  ...more,
});

function file(bytes: Uint8Array): string {
  const path = join(folder, "artifact");
  writeFileSync(path, bytes);
  return path;
}

const archive = writeZip([
  { name: "a.txt", bytes: Buffer.from("hello") },
  { name: "b/c.gz", bytes: gzipSync("inside") },
]);

it("opens an archive and binds what it saw to the artifact's own hash", async () => {
  const sha256 = createHash("sha256").update(archive).digest("hex");
  const progress: Progress[] = [];
  const opening = await openArtifact(request(file(archive), { onProgress: (step) => progress.push(step) }));
  expect(opening.subject).toEqual({ kind: "artifact", id: `sha256:${sha256}`, label: "artifact" });
  expect(opening.artifact.root).toMatchObject({ path: "", sha256, sizeBytes: archive.length, format: "zip" });
  expect(opening.artifact.members.map(({ path }) => path).slice(0, 2)).toEqual(["a.txt", "b/c.gz"]);
  expect(opening.evidence.every(({ outcome }) => outcome === "pass")).toBe(true);
  expect(progress.at(-1)).toMatchObject({ totalBytes: archive.length });
});

it("says the same about the same bytes, every time", async () => {
  const path = file(archive);
  const [first, second] = [await openArtifact(request(path)), await openArtifact(request(path))];
  expect(second).toEqual(first);
});

it("writes nothing but its scratch folder, which is gone afterwards", async () => {
  const big = writeZip([{ name: "big", bytes: Buffer.alloc(12 * 1024 * 1024, 3) }]);
  await openArtifact(request(file(big)));
  expect(readdirSync(join(folder, "scratch"))).toEqual([]);
  expect(readdirSync(folder).sort()).toEqual(["artifact", "scratch"]);
});

it("kills a bomb's parser at the byte limit and says which member it was", async () => {
  const bomb = writeZip([{ name: "bomb", bytes: Buffer.alloc(64 * 1024 * 1024) }]);
  const limits = { ...DEFAULT_LIMITS, bytes: 1024 * 1024 };
  const { evidence, artifact } = await openArtifact(request(file(bomb), { limits }));
  expect(evidence.find(({ outcome }) => outcome === "unknown")).toMatchObject({
    source: "gate/checks/opened",
    path: "bomb",
    facts: { limit: "bytes" },
  });
  expect(artifact.root.format).toBe("zip");
});

it("refuses a file that changes while it is read", async () => {
  const path = file(writeZip([{ name: "big", bytes: Buffer.alloc(12 * 1024 * 1024, 3) }]));
  const opening = openArtifact(request(path));
  appendFileSync(path, "more");
  await expect(opening).rejects.toMatchObject({ code: "world.changed" });
});

function made(path: string, make: () => void): string {
  make();
  return path;
}

it.each([
  ["is missing", (path: string) => path, /does not exist/],
  ["is empty", (path: string) => made(path, () => writeFileSync(path, "")), /is empty/],
  ["is a folder", (path: string) => made(path, () => mkdirSync(path)), /is a folder/],
  ["is a device", () => "/dev/null", /is a device/],
  [
    "lies below a file",
    (path: string) => made(join(path, "x"), () => writeFileSync(path, "x")),
    /does not exist/,
  ],
])("says plainly when the artifact %s", async (_name, make, message) => {
  const opening = openArtifact(request(make(join(folder, "it"))));
  await expect(opening).rejects.toMatchObject({
    code: "usage.file",
    message: expect.stringMatching(message),
  });
});

it("says so when the scratch folder cannot be made", async () => {
  writeFileSync(join(folder, "scratch"), "a file");
  chmodSync(join(folder, "scratch"), 0o600);
  await expect(openArtifact(request(file(archive)))).rejects.toMatchObject({ code: "world.home" });
});

it("lets every check look, and lists what was not checked", async () => {
  const opening = await openArtifact(request(file(archive)));
  const context = {} as CheckContext;
  const base = { question: "", kind: "world", document: "" } as const;
  const { evidence, notChecked } = await examine(opening, context, [
    { ...base, id: "one", examine: async () => ({ outcome: "fail", because: "bad", facts: {}, path: "" }) },
    { ...base, id: "two", examine: async () => ({ notChecked: "not asked for" }) },
    { ...base, id: "three" },
  ]);
  expect(evidence.slice(opening.evidence.length)).toEqual([
    { source: "gate/checks/one", kind: "world", outcome: "fail", because: "bad", facts: {} },
  ]);
  expect(notChecked).toContainEqual({ source: "gate/checks/two", because: "not asked for" });
});

it("offers policies every registered check", () => {
  expect(vocabulary().find(({ id }) => id === "member-names")?.facts).toEqual({ escapes: "Bool" });
});
