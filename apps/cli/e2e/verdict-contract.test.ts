/** What other programs rely on: one document on stdout, its fields, the exit codes, and a plain pipe. */

import { mkdir, writeFile } from "node:fs/promises";
import { buildPeImage, writeZip } from "@sallyport/gate/replica";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { documentOf, makePlace, type Place } from "./sallyport-process.ts";

const HASH = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

let place: Place;
beforeAll(async () => {
  place = await makePlace();
  await writeFile(place.at("hello"), "hello");
  await mkdir(place.at("folder/inner"), { recursive: true });
  await writeFile(place.at("folder/inner/b.txt"), "text");
  await writeFile(place.at("folder/a.txt"), "text");
  await writeFile(place.at("folder/empty"), "");
  await writeFile(place.at("image.exe"), buildPeImage({ version: { ProductName: "Demo" } }));
  await writeFile(place.at("escape.zip"), writeZip([{ name: "../evil.txt", bytes: Buffer.from("x") }]));
});
afterAll(() => place.remove());

describe("the verdict document", () => {
  it("holds exactly the fields of the contract, and nothing else is on stdout", async () => {
    const run = await place.sallyport("check", place.at("hello"), "--json");
    const document = documentOf(run);
    expect(run.code).toBe(10);
    expect(run.stderr).toBe("");
    expect(Object.keys(document)).toEqual([
      "schema",
      "verdict",
      "subject",
      "artifact",
      "evidence",
      "notChecked",
      "reasons",
      "replay",
      "receipt",
    ]);
    expect(document).toMatchObject({
      schema: "sallyport.verdict/1",
      verdict: "hold",
      subject: { kind: "artifact", id: `sha256:${HASH}`, label: "hello" },
      artifact: { format: "data", sizeBytes: 5, signers: [] },
    });
    for (const one of document.evidence) {
      expect(one.source).toMatch(/^gate\/checks\/[a-z-]+$/);
      expect(["pass", "fail", "unknown"]).toContain(one.outcome);
      expect(one.because).not.toBe("");
      expect(one.facts).toBeTypeOf("object");
    }
    for (const { evidence } of document.reasons)
      for (const index of evidence) expect(document.evidence[index]).toBeDefined();
    for (const one of document.notChecked) expect(Object.keys(one)).toEqual(["source", "because"]);
  });

  it("names the member that evidence is about", async () => {
    const run = await place.sallyport("check", place.at("escape.zip"), "--json");
    expect(run.code).toBe(20);
    expect(documentOf(run).reasons).toContainEqual(expect.objectContaining({ policy: "escaping-name" }));
    expect(documentOf(run).evidence).toContainEqual(
      expect.objectContaining({ source: "gate/checks/member-names", outcome: "fail", path: "../evil.txt" }),
    );
  });

  it("is one document for several files, with the worst verdict, a folder being each file in it", async () => {
    const run = await place.sallyport("check", place.at("folder"), place.at("escape.zip"), "--json");
    const document = documentOf(run);
    expect(run.code).toBe(20);
    expect(document).toMatchObject({ schema: "sallyport.verdicts/1", verdict: "refuse" });
    expect(document.results.map(({ verdict, subject }) => [verdict, subject.label])).toEqual([
      ["hold", "a.txt"],
      ["hold", "inner/b.txt"],
      ["refuse", "escape.zip"],
    ]);
    expect(document.results.every(({ schema }) => schema === "sallyport.verdict/1")).toBe(true);
  });

  it("admits only the hash that is expected, and says which it is otherwise", async () => {
    const right = await place.sallyport("check", place.at("hello"), "--expect", `sha256:${HASH}`, "--json");
    expect(right.code).toBe(10);
    const wrong = await place.sallyport("check", place.at("hello"), "--expect", `sha256:${"0".repeat(64)}`);
    expect(wrong.code).toBe(20);
    expect(wrong.stdout).toContain("wrong-expected-hash");
  });

  it("compares with the hashes a vendor published", async () => {
    await writeFile(place.at("SHA256SUMS"), `${HASH}  hello\n`);
    const right = await place.sallyport(
      "check",
      place.at("hello"),
      "--published",
      place.at("SHA256SUMS"),
      "--json",
    );
    expect(documentOf(right).evidence).toContainEqual(
      expect.objectContaining({ source: "gate/checks/published-hash", outcome: "pass" }),
    );
    await writeFile(place.at("SHA256SUMS"), `${"1".repeat(64)}  hello\n`);
    const wrong = await place.sallyport("check", place.at("hello"), "--published", place.at("SHA256SUMS"));
    expect(wrong.code).toBe(20);
    expect(wrong.stdout).toContain("wrong-published-hash");
  });
});

describe("the screen in a pipe", () => {
  it("is plain, fits 80×24, and says verdict and why first, then what to do", async () => {
    const run = await place.sallyport("check", place.at("image.exe"));
    const lines = run.stdout.split("\n");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are what must be absent
    expect(run.stdout).not.toMatch(/\x1b/);
    expect(run.stderr).toBe("");
    expect(lines[0]).toBe("HOLD  image.exe");
    expect(lines[3]).toContain("(unsigned)");
    expect(run.stdout).toContain("\nNot checked: ");
    expect(run.stdout).toContain("\nNext: ");
    expect(lines.length).toBeLessThanOrEqual(24);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it("is a line a file, and a total, for several", async () => {
    const run = await place.sallyport("check", place.at("folder"), place.at("hello"));
    expect(run.stdout).toBe(
      "HOLD    a.txt  unsigned\nHOLD    inner/b.txt  unsigned\nHOLD    hello  unsigned\n\n3 files: 0 admit, 3 hold, 0 refuse\n",
    );
  });

  it("is silent with --quiet: the exit code tells", async () => {
    const run = await place.sallyport("check", place.at("hello"), "--quiet");
    expect(run).toEqual({ code: 10, stdout: "", stderr: "" });
  });
});

describe("inspect", () => {
  it("shows what is inside, judges nothing, records nothing", async () => {
    const other = await makePlace();
    const run = await other.sallyport("inspect", place.at("escape.zip"), "--json");
    expect(run.code).toBe(0);
    expect(JSON.parse(run.stdout)).toMatchObject({
      schema: "sallyport.inspection/1",
      artifact: { format: "zip" },
      members: [{ path: "../evil.txt", format: "data", sizeBytes: 1 }],
    });
    const text = await other.sallyport("inspect", place.at("escape.zip"));
    expect(text.stdout).toContain("../evil.txt  data, 1 B");
    await other.remove();
  });
});

describe("the program", () => {
  it("says its version and its commands", async () => {
    expect((await place.sallyport("--version")).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    const help = await place.sallyport("--help");
    expect(help.code).toBe(0);
    for (const command of ["check", "inspect", "admit", "accept", "receipt", "policy", "trust"])
      expect(help.stdout).toContain(`\n  ${command}`);
  });

  it("lists trust anchors and the families that are missing", async () => {
    const run = await place.sallyport("trust", "list", "--json");
    const document = JSON.parse(run.stdout) as { anchors: unknown[]; missing: unknown[] };
    expect(document.anchors.length).toBeGreaterThan(10);
    expect(document.missing.length).toBeGreaterThan(0);
    expect((await place.sallyport("trust", "list")).stdout).toContain("\nMissing:\n");
  });
});
