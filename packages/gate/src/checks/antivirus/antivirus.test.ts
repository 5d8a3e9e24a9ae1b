import { describe, expect, it } from "vitest";
import type { Scanner, ScanResult } from "../../antivirus/scan.ts";
import type { ArtifactMember } from "../../artifact.ts";
import { contextWith, rootWith } from "../check.fixture.ts";
import { antivirus } from "./index.ts";

const SCANNER: Scanner = { engine: "ClamAV 1.4.3", signaturesOf: "2026-01-01", maxBytes: 100 };
const CLEAN: ScanResult = { outcome: "clean", detail: "" };
const found = (detail: string): ScanResult => ({ outcome: "found", detail });

function examine(paths: Readonly<Record<string, ScanResult | undefined>>, scanner?: Scanner) {
  const members = Object.entries(paths).map(
    ([path, scan]): ArtifactMember => ({
      ...rootWith({}).root,
      path,
      ...(scan !== undefined && { scan }),
    }),
  );
  const [root = rootWith({}).root, ...rest] = members;
  const artifact = { root, members: rest, ...(scanner !== undefined && { scanner }) };
  return antivirus.examine?.({ artifact, context: contextWith({}) });
}

describe("antivirus", () => {
  it("is not checked without one", async () => {
    expect(await examine({ "": undefined })).toEqual({ notChecked: expect.stringMatching(/--antivirus/) });
  });

  it("passes when every file has a clean answer, and says who gave it", async () => {
    expect(await examine({ "": CLEAN, a: CLEAN, b: undefined }, SCANNER)).toMatchObject([
      {
        outcome: "pass",
        because: "ClamAV 1.4.3 with signatures of 2026-01-01 found nothing in 2 files",
        facts: { engine: "ClamAV 1.4.3", signaturesOf: "2026-01-01", maxBytes: 100 },
      },
    ]);
  });

  it("fails where something lies, not for what holds it", async () => {
    const bad = found("Example.Test");
    expect(await examine({ "": bad, "a.msi": bad, "a.msi/b.exe": bad, c: CLEAN }, SCANNER)).toMatchObject([
      {
        outcome: "fail",
        path: "a.msi/b.exe",
        facts: { signature: "Example.Test", members: ["a.msi/b.exe"] },
      },
    ]);
  });

  it("fails the container where only the whole of it is known", async () => {
    expect(await examine({ "": found("Example.Whole"), a: CLEAN }, SCANNER)).toMatchObject([
      { outcome: "fail", path: "", because: "is Example.Whole, says clamd" },
    ]);
  });

  it("tells each thing that was found once, with how many hold it", async () => {
    const seen = await examine({ "": CLEAN, a: found("X"), b: found("X"), c: found("Y") }, SCANNER);
    expect(seen).toMatchObject([
      { path: "a", because: "is X, says clamd, and in 1 more" },
      { path: "c", because: "is Y, says clamd" },
    ]);
  });

  it("is unknown for what was not scanned, beside what was found", async () => {
    const large: ScanResult = { outcome: "over-limit", detail: "it is too large" };
    const failed: ScanResult = { outcome: "failed", detail: "clamd ended the connection" };
    expect(await examine({ "": CLEAN, a: large, b: failed, c: found("X") }, SCANNER)).toMatchObject([
      { outcome: "fail", path: "c" },
      { outcome: "unknown", path: "a", because: "was not scanned: it is too large" },
      { outcome: "unknown", path: "b", facts: { reason: "failed" } },
    ]);
  });

  it("tells containers from what they hold among a hundred thousand", async () => {
    const bad = found("Example.Test");
    const names = Array.from({ length: 100_000 }, (_, at) => [`box/file ${at}`, bad] as const);
    const seen = await examine({ "": bad, box: bad, "box!": bad, ...Object.fromEntries(names) }, SCANNER);
    expect(seen).toMatchObject([
      { because: "is Example.Test, says clamd, and in 100000 more", path: "box!" },
    ]);
  });

  it("counts what is too much to list", async () => {
    const failed: ScanResult = { outcome: "failed", detail: "no" };
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`${index}`, failed]));
    const seen = [await examine({ "": CLEAN, ...many }, SCANNER)].flat();
    expect(seen).toHaveLength(51);
    expect(seen.at(-1)).toMatchObject({ outcome: "unknown", because: "250 more files were not scanned" });
  });

  it("is unknown when clamd is not there, and when nothing reached it", async () => {
    const gone = { ...SCANNER, problem: "is not there: nobody listens" };
    expect(await examine({ "": CLEAN }, gone)).toMatchObject({ outcome: "unknown" });
    expect(await examine({ "": undefined }, SCANNER)).toMatchObject([{ outcome: "unknown" }]);
  });
});
