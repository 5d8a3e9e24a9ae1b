import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Budget, type Evidence, MemorySource } from "@sallyport/core";
import { expect, it } from "vitest";
import { formats } from "../formats/registry.ts";
import { buildPeImage, writeZip } from "../replica/index.ts";
import { descend } from "./descent.ts";
import { Spool } from "./spool.ts";

async function openedEvidence(bytes: Uint8Array): Promise<Evidence[]> {
  const folder = mkdtempSync(join(tmpdir(), "carried-"));
  const seen: Evidence[] = [];
  try {
    await descend(new MemorySource(bytes), {
      formats,
      schemes: [],
      budget: new Budget(),
      trust: { anchors: [], revocationLists: [], hash: "" },
      now: new Date(0),
      brought: { label: "", signatures: [], keys: [] },
      maxHeldBytes: 2 ** 20,
      spool: new Spool(folder),
      listener: { at() {}, recognised() {}, member() {}, evidence: (evidence) => seen.push(evidence) },
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
  return seen.filter(({ source }) => source === "gate/checks/opened");
}

it("does not call a program opened that carries bytes of no known format behind itself", async () => {
  const program = buildPeImage({ overlay: Buffer.from("a payload that nobody here can open") });
  expect(await openedEvidence(program)).toMatchObject([{ outcome: "unknown", path: "overlay" }]);
});

it("opens what a program carries when its format is known", async () => {
  const archive = writeZip([{ name: "a.txt", bytes: Buffer.from("text") }]);
  expect(await openedEvidence(buildPeImage({ overlay: archive }))).toMatchObject([{ outcome: "pass" }]);
});

it("lets plain data inside an archive be plain data", async () => {
  const archive = writeZip([{ name: "overlay", bytes: Buffer.from("text") }]);
  expect(await openedEvidence(archive)).toMatchObject([{ outcome: "pass" }]);
});
