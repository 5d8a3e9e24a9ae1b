import { hash } from "node:crypto";
import { Budget, MemorySource } from "@sallyport/core";
import { expect, it } from "vitest";
import type { Parts } from "../components/finder.ts";
import type { Finding } from "../finding.ts";
import { beside } from "./beside.ts";
import type { Observations } from "./message.ts";
import { type PortraitSink, Study, type StudySubject } from "./study.ts";

const WISH = { isComparing: true, rulePacks: [], maxHeldBytes: 64 * 1024 * 1024 };

class Sink implements PortraitSink {
  readonly kept = new Map<number, Observations>();
  readonly same: [number, number][] = [];

  observations(index: number, observations: string): void {
    this.kept.set(index, JSON.parse(observations));
  }
  sameAs(index: number, first: number): void {
    this.same.push([index, first]);
  }
}

const subject = (index: number, overrides: Partial<StudySubject> = {}): StudySubject => ({
  index,
  path: `folder-${index}/member`,
  sha256: String(index).padStart(64, "0"),
  format: "data",
  holdsOthers: false,
  report: () => undefined,
  ...overrides,
});

/** Enough of a file to be like or unlike another one. */
const bytesOf = (seed: string) =>
  new MemorySource(
    Buffer.concat(Array.from({ length: 64 }, (_, index) => hash("sha256", `${seed} ${index}`, "buffer"))),
  );

it("keeps what the traits observed of each member", async () => {
  const sink = new Sink();
  const study = new Study(WISH, sink);
  for (const index of [1, 2, 3]) await study.begin(bytesOf(`member number ${index}, `), subject(index));
  await study.settle();
  expect([...sink.kept.keys()]).toEqual([1, 2, 3]);
  expect(sink.kept.get(2)?.values).toHaveProperty("similarity");
});

it("looks at a plain file whole, whatever archive lies among its bytes, and leaves a container to its members", async () => {
  const sink = new Sink();
  const study = new Study(WISH, sink);
  await study.begin(bytesOf("a script "), subject(1, { holdsOthers: true }));
  await study.begin(bytesOf("a container "), subject(2, { holdsOthers: true, format: "tar" }));
  await study.settle();
  expect(sink.kept.get(1)?.values).toHaveProperty("similarity");
  expect(sink.kept.get(2)?.values ?? {}).not.toHaveProperty("similarity");
});

it("looks at the same bytes once", async () => {
  const sink = new Sink();
  const study = new Study(WISH, sink);
  const sha256 = "1".repeat(64);
  await study.begin(bytesOf("the same "), subject(1, { sha256 }));
  await study.begin(bytesOf("the same "), subject(2, { sha256 }));
  await study.settle();
  expect([...sink.kept.keys()]).toEqual([1]);
  expect(sink.same).toEqual([[2, 1]]);
});

it("looks at the same bytes again under another name", async () => {
  const sink = new Sink();
  const study = new Study(WISH, sink);
  const sha256 = "1".repeat(64);
  await study.begin(bytesOf("the same "), subject(1, { sha256, path: "a/run.js" }));
  await study.begin(bytesOf("the same "), subject(2, { sha256, path: "a/font.woff2" }));
  await study.settle();
  expect([...sink.kept.keys()]).toEqual([1, 2]);
});

it("passes over containers, empty members and, without a comparison, what is no evidence by itself", async () => {
  const sink = new Sink();
  const study = new Study(WISH, sink);
  await study.begin(bytesOf("x"), subject(1, { format: "zip", holdsOthers: true }));
  await study.begin(new MemorySource(Buffer.alloc(0)), subject(2));
  await study.settle();
  expect(sink.kept.size).toBe(0);
  const alone = new Study({ ...WISH, isComparing: false }, sink);
  await alone.begin(bytesOf("alone "), subject(3));
  await alone.settle();
  expect(sink.kept.get(3)?.values ?? {}).not.toHaveProperty("similarity");
});

it("says that a member too large to be copied was not looked at", async () => {
  const sink = new Sink();
  const findings: Finding[] = [];
  const study = new Study(WISH, sink);
  const large = { sizeBytes: 2 ** 40, read: async () => Buffer.alloc(0), stream: async function* () {} };
  await study.begin(large, subject(1, { report: (finding) => findings.push(finding) }));
  await study.settle();
  expect(findings).toMatchObject([{ check: "behaviours", outcome: "unknown" }]);
  expect(Object.keys(sink.kept.get(1)?.problems ?? {})).toContain("similarity");
});

it("is done with the bytes when the work beside it has failed", async () => {
  const sink = new Sink();
  const study = new Study(WISH, sink);
  const failing = async () => {
    new Budget().checkTime();
    throw new Error("the work failed");
  };
  await expect(beside(study, { source: bytesOf("kept "), seen: subject(1) }, failing)).rejects.toThrow(
    "the work failed",
  );
  await study.settle();
  expect(sink.kept.has(1)).toBe(true);
});

it("passes over what was looked at in another release as the same format", async () => {
  const sink = new Sink();
  const { sha256 } = subject(1);
  const study = new Study({ ...WISH, known: [`${sha256} data member`] }, sink);
  await study.begin(bytesOf("known "), subject(1));
  await study.begin(bytesOf("known "), subject(2, { sha256, format: "pe" }));
  await study.begin(bytesOf("fresh "), subject(3));
  await study.settle();
  expect([...sink.kept.keys()]).toEqual([2, 3]);
});

const PACKAGE = "app/node_modules/example/package.json";
const packageBytes = () =>
  new MemorySource(Buffer.from(JSON.stringify({ name: "example", version: "1.0.0" })));
const productsIn = (found: readonly Parts[]) =>
  found.flatMap(({ components }) => components.map(({ product }) => product));

it("tells of the parts of each member, also of those whose portrait another release has", async () => {
  const found: Parts[] = [];
  const sha256 = "2".repeat(64);
  const study = new Study({ ...WISH, known: [`${sha256} data package.json`] }, new Sink());
  const tell = { path: PACKAGE, sha256, found: (parts: Parts) => found.push(parts) };
  await study.begin(packageBytes(), subject(1, tell));
  await study.begin(packageBytes(), subject(2, tell));
  await study.settle();
  expect(productsIn(found)).toEqual(["example", "example"]);
});

it("goes by the whole path: the same bytes elsewhere are no installed package", async () => {
  const found: Parts[] = [];
  const sha256 = "3".repeat(64);
  const study = new Study(WISH, new Sink());
  const tell = { sha256, found: (parts: Parts) => found.push(parts) };
  await study.begin(packageBytes(), subject(1, { ...tell, path: "app/test/package.json" }));
  await study.begin(packageBytes(), subject(2, { ...tell, path: PACKAGE }));
  await study.settle();
  expect(productsIn(found)).toEqual(["example"]);
});

it("says which parts are not listed when a member was not looked at", async () => {
  const found: Parts[] = [];
  const study = new Study(WISH, new Sink());
  const large = { sizeBytes: 2 ** 40, read: async () => Buffer.alloc(0), stream: async function* () {} };
  await study.begin(large, subject(1, { format: "elf", found: (parts) => found.push(parts) }));
  await study.settle();
  expect(found).toEqual([{ components: [], unlisted: ["is too large to be looked at"] }]);
});

it("says that a list of parts was not read when somebody blew it up", async () => {
  const found: Parts[] = [];
  const study = new Study({ ...WISH, isComparing: false }, undefined);
  const padded = new MemorySource(
    Buffer.from(JSON.stringify({ name: "example", version: "1.0.0", padding: " ".repeat(2 ** 20) })),
  );
  await study.begin(padded, subject(1, { path: PACKAGE, found: (parts) => found.push(parts) }));
  await study.settle();
  expect(found).toEqual([{ components: [], unlisted: ["node-package: is too large to be read"] }]);
});
